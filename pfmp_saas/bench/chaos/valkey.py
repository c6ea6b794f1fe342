"""Valkey killed, hung, full: whoever holds a link signs on a phone all the same, and the worker goes on once it is back."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from urllib.request import urlopen

from pfmp_saas.bench import peers, school
from pfmp_saas.bench.chaos import phone
from pfmp_saas.bench.chaos.counts import Count
from pfmp_saas.bench.ground import Bench
from pfmp_saas.bench.service import Service, serving
from pfmp_saas.core.clock import utc_now

LIMIT_SECONDS = 3
"""Of the reference machine (docs/design.md): scaled by pyHanko's signature of the same run."""
_WARM = 2
Outage = tuple[str, Callable[[Service], None], Callable[[Service], None]]
_OUTAGES: tuple[Outage, ...] = (
    ("tué", lambda service: service.valkey.kill(), lambda service: service.valkey.start_again()),
    ("pendu", lambda service: service.valkey.hang(), lambda service: service.valkey.go_on()),
    ("plein", lambda service: service.valkey.fill(), lambda service: service.valkey.empty()),
)


def without_valkey(bench: Bench, people: int) -> Iterator[Count]:
    """Have so many people sign on a phone in each outage, and as many without one; count and time them."""
    clock, ranks = peers.pyhanko(), count()
    clock.run()
    tokens = _tokens(bench, _WARM + people * (1 + len(_OUTAGES)))
    with serving(bench) as service, phone.phone() as page:

        def taken(number: int) -> list[float]:
            return [phone.sign(page, _address(service, next(tokens)), next(ranks)) for _ in range(number)]

        taken(_WARM)
        service.drain()
        yield Count(
            "une personne signe sur un téléphone, sans panne (la plus lente)", max(taken(people)), unit="s"
        )
        found = []
        for name, hurt, heal in _OUTAGES:
            hurt(service)
            found.append((name, taken(people), _told_down(service)))
            heal(service)
            service.drain()
    clock.run()
    limit = LIMIT_SECONDS * clock.peer.factor
    for name, times, told in found:
        yield Count(f"Valkey {name} : /readyz sert et le dit", told, 1)
        yield Count(f"Valkey {name} : signatures sur un téléphone", len(times), people)
        yield Count(f"Valkey {name} : la plus lente", max(times), limit, "s", at_most=True)
    yield Count("Valkey revenu : suites de ces signatures faites (pannes)", len(found), len(_OUTAGES))
    yield Count("pyHanko, signature simple (32 ms sur la machine de référence)", clock.peer.value, unit="ms")


def _told_down(service: Service) -> bool:
    """Say whether the probe serves and tells that the queue takes no work: the outage is one."""
    with urlopen(f"http://127.0.0.1:{service.port}/readyz") as answer:
        told = json.load(answer)
    return bool(told["ok"] and not told["queue"])


def _tokens(bench: Bench, wanted: int) -> Iterator[str]:
    like, now = school.model(bench.session).data, utc_now()
    sent = [school.sent(bench, like, 500 + rank, now) for rank in range(-(-wanted // 5))]
    bench.session.commit()
    return (token for each in sent for token in each.tokens)


def _address(service: Service, token: str) -> str:
    return f"http://127.0.0.1:{service.port}/signer/{token}"
