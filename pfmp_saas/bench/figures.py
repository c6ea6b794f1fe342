"""What a bench tells: figures, limits scaled by a peer measured in the same run, an exit code."""

import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import click


@dataclass(frozen=True)
class Peer:
    """What another tool takes for known work: ``value`` here and ``reference`` on the reference machine, in ms."""

    name: str
    value: float
    reference: float

    @property
    def factor(self) -> float:
        """How many times slower than the reference machine this one is, in this run."""
        return self.value / self.reference


@dataclass(frozen=True)
class Figure:
    """One measure: ``value`` in ``unit``; ``reference`` is its limit on the reference machine, if it has one.

    ``peer`` scales that limit; without one the limit is absolute, as memory and bytes are.
    """

    name: str
    value: float
    unit: str = "ms"
    reference: float | None = None
    peer: Peer | None = None

    @property
    def limit(self) -> float | None:
        """The limit on this machine, in this run."""
        if self.reference is None or self.peer is None:
            return self.reference
        return self.reference * self.peer.factor

    @property
    def good(self) -> bool:
        """Tell whether the limit, if any, is kept."""
        return self.limit is None or self.value <= self.limit


class PeerClock:
    """Measures a peer several times in one run, around what is compared with it: machines change by the minute."""

    def __init__(self, name: str, reference: float, work: Callable[[], object]) -> None:
        self._name, self._reference, self._work = name, reference, work
        self._taken: list[float] = []

    def run(self, repeats: int = 12) -> None:
        """Measure once more."""
        self._taken += seconds(self._work, repeats)

    @property
    def peer(self) -> Peer:
        """The median of all that was measured. Raises StatisticsError before the first run."""
        return Peer(self._name, median(self._taken), self._reference)


def seconds(work: Callable[[], object], repeats: int) -> list[float]:
    """Return the processor time of each of ``repeats`` runs of ``work``, a first one left out."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return taken


def milliseconds(work: Callable[[], object], repeats: int = 25) -> float:
    """Return the median processor time of ``work`` in milliseconds, the first run left out."""
    return median(seconds(work, repeats))


def median(values: Iterable[float]) -> float:
    """Return the median of ``values`` (seconds), in milliseconds."""
    return 1000 * statistics.median(values)


def tell(figures: list[Figure], *, as_json: bool) -> int:
    """Print the peers and the figures; return the exit code: 1 when a limit is passed."""
    good = all(figure.good for figure in figures)
    peers = list(dict.fromkeys(figure.peer for figure in figures if figure.peer))
    if as_json:
        told = {"ok": good, "peers": [_peer(each) for each in peers], "figures": [_row(f) for f in figures]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return 0 if good else 1
    for peer in peers:
        click.echo(
            f"{peer.name} : {peer.value:.1f} ms ici, {peer.reference:g} ms sur la machine de référence ; "
            f"limites × {peer.factor:.2f}"
        )
    for figure in figures:
        click.echo(_line(figure))
    return 0 if good else 1


def _peer(peer: Peer) -> dict[str, object]:
    return {
        "name": peer.name,
        "value": peer.value,
        "unit": "ms",
        "reference": peer.reference,
        "factor": peer.factor,
    }


def _row(figure: Figure) -> dict[str, object]:
    return {
        "name": figure.name,
        "value": figure.value,
        "unit": figure.unit,
        "limit": figure.limit,
        "reference": figure.reference,
        "peer": figure.peer.name if figure.peer else None,
        "ok": figure.good,
    }


def _line(figure: Figure) -> str:
    limit = ""
    if figure.limit is not None:
        limit = f"(au plus {figure.limit:.4g} ; {figure.reference:g} sur la machine de référence)"
    return f"{figure.name:62} {figure.value:9.2f} {figure.unit} {limit}{'' if figure.good else '  TROP'}"
