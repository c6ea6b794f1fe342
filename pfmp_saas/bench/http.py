"""`pfmp bench http`: what a signature costs the whole service, through its real web server and worker.

An act is one page shown and one POST. It measures processor time a part of the service (web, worker, PostgreSQL), then the
time that people wait when they come at a given rate.
"""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count

import click
from sqlalchemy import update

from pfmp_saas.bench import peers, school
from pfmp_saas.bench.figures import Figure, Peer, median, tell
from pfmp_saas.bench.ground import Bench, school_at_work
from pfmp_saas.bench.service import Cost, Service, serving, spent
from pfmp_saas.bench.visitor import Visitor, arrive
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.retries import WorkState

PAGE, FOUR, FIFTH = "page", "four", "fifth"
_WARM = 4
"""Conventions signed before anything is measured: each web process must have met each statement several times."""
_SETTLE = 0.005  # seconds: a server still works a little once it has answered
Taken = dict[str, list[tuple[float, float]]]
"""Processor seconds of the web server and of PostgreSQL, by kind of request."""


@click.command()
@click.option("--conventions", default=20, show_default=True, help="Conventions signées l’une après l’autre.")
@click.option("--rate", default=20.0, show_default=True, help="Signatures par seconde, ensuite.")
@click.option("--seconds", default=15.0, show_default=True, help="Durée de cette seconde partie.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def http(conventions: int, rate: float, seconds: float, *, as_json: bool) -> int:
    """Mesurer ce que coûte une signature au service entier, et l’attente à un rythme donné."""
    clock, offered = peers.pyhanko(), max(2, round(rate * seconds))
    alone = max(1, conventions)
    with school_at_work() as bench:
        groups = _sent(bench, _WARM + alone + -(-offered // 5))
        with serving(bench) as service:
            clock.run()
            visitors = _visitors(service, groups)
            _acts(service, visitors[:_WARM])
            service.drain()
            idle = service.idle()
            before = service.cost()
            taken = _acts(service, visitors[_WARM : _WARM + alone])
            service.drain()
            cost = (service.cost() - before).without(idle)
            clock.run()
            waits = _waits(list(chain(*visitors[_WARM + alone :]))[:offered], rate)
            clock.run()
    figures = [
        *_requests(taken, clock.peer),
        *_totals(cost, len(taken[PAGE])),
        *_waited(waits, rate),
    ]
    return tell(figures, as_json=as_json)


def _sent(bench: Bench, wanted: int) -> list[tuple[str, ...]]:
    """Send so many conventions; return the links of each. Their invitations count as mailed."""
    now, like = utc_now(), school.model(bench.session).data
    tokens = [school.sent(bench, like, rank, now).tokens for rank in range(wanted)]
    bench.session.flush()
    bench.session.execute(update(OutgoingMail).values(state=WorkState.DONE, done_at=now))
    bench.session.commit()
    return tokens


def _visitors(service: Service, groups: list[tuple[str, ...]]) -> list[list[Visitor]]:
    ranks = count()
    return [[Visitor(service.port, token, next(ranks)) for token in tokens] for tokens in groups]


def _acts(service: Service, groups: Sequence[Sequence[Visitor]]) -> Taken:
    """Have every signer of every convention open the page and sign, one after the other."""
    taken: Taken = defaultdict(list)
    processes = service.clocks()
    for visitors in groups:
        for rank, visitor in enumerate(visitors, start=1):
            with _watched(processes, taken[PAGE]):
                visitor.open()
            with _watched(processes, taken[FIFTH if rank == len(visitors) else FOUR]):
                visitor.sign()
    return taken


@contextmanager
def _watched(processes: tuple[list[int], list[int]], into: list[tuple[float, float]]) -> Iterator[None]:
    """Add what one request costs the web server and PostgreSQL."""
    web, postgres = spent(processes)
    yield
    time.sleep(_SETTLE)
    now = spent(processes)
    into.append((now[0] - web, now[1] - postgres))


def _waits(visitors: list[Visitor], rate: float) -> list[float]:
    """Show everyone the page, then have them sign at that rate."""
    for visitor in visitors:
        visitor.open()
    return arrive(visitors, rate)


def _requests(taken: Taken, peer: Peer) -> list[Figure]:
    """Name the medians of the requests."""
    named = (
        (FOUR, "POST d’une des quatre premières signatures", 8),
        (FIFTH, "POST de la cinquième signature", 10),
        (PAGE, "page montrée au signataire", None),
    )
    figures = []
    for kind, name, reference in named:
        web, postgres = (median(each) for each in zip(*taken[kind], strict=True))
        figures.append(Figure(f"{name}, web (médiane)", web, reference=reference, peer=peer))
        figures.append(Figure("… PostgreSQL (médiane)", postgres))
    return figures


def _totals(cost: Cost, acts: int) -> list[Figure]:
    """Name what an act costs each part, what follows it in the worker included, and the acts a second that follow."""
    web, worker, postgres = (1000 * part / acts for part in (cost.web, cost.worker, cost.postgres))
    whole, cores = web + worker + postgres, len(os.sched_getaffinity(0))
    return [
        Figure("un acte (page et POST) : web (moyenne)", web),
        Figure("… worker, ce qui suit compris (moyenne)", worker),
        Figure("… PostgreSQL (moyenne)", postgres),
        Figure("… en tout", whole),
        Figure(f"… actes par seconde qui s’ensuivent, {cores} cœurs", 1000 * cores / whole, "/s"),
    ]


def _waited(waits: list[float], rate: float) -> list[Figure]:
    """Name the percentiles of the time that people waited for their POST."""
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return [
        Figure(f"attente du POST à {rate:g} par seconde, p{rank} (horloge)", 1000 * cuts[rank - 1])
        for rank in (50, 95, 99)
    ]
