"""`pfmp bench render`: processor time of one rendering beside plain reportlab, and a campaign on every core."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import count as count_from

import click

from pfmp_saas.bench import peers
from pfmp_saas.bench.figures import Figure, milliseconds, tell

_CHUNK = 25


@click.command()
@click.option("--conventions", "count", default=1000, show_default=True, help="Taille de la campagne.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def render(count: int, *, as_json: bool) -> int:
    """Mesurer la composition du PDF (temps de processeur), puis une campagne entière (horloge)."""
    clock, ranks = peers.reportlab(), count_from(1)
    clock.run()
    one = milliseconds(lambda: peers.national(next(ranks)))
    seconds = _campaign(count)
    clock.run()
    name = f"campagne de {count} conventions, {_cores()} cœurs (horloge)"
    figures = [
        Figure("composer la convention nationale, à chaud", one, reference=20, peer=clock.peer),
        Figure(name, seconds, "s", reference=30, peer=clock.peer),
    ]
    return tell(figures, as_json=as_json)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _campaign(count: int) -> float:
    """Return the seconds that ``count`` different conventions take, starting the processes included."""
    start = time.perf_counter()
    with ProcessPoolExecutor(_cores()) as pool:
        sizes = list(pool.map(_size, range(count), chunksize=_CHUNK))
    assert min(sizes) > 0
    return time.perf_counter() - start


def _size(rank: int) -> int:
    return len(peers.national(rank).pdf)
