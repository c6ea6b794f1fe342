"""`pfmp bench law`: what it costs to check one convention, and a whole campaign with the caps across conventions.

The peer is pyHanko's signature: checks run in pages, and both are interpreted Python nearly whole, where plain reportlab
spends part of its time in a C accelerator and in fonts.
"""

import time
from typing import Any

import click
from sqlalchemy.orm import Session

from pfmp_saas.bench import peers, school
from pfmp_saas.bench.figures import Figure, milliseconds, tell
from pfmp_saas.bench.ground import school_at_work
from pfmp_saas.conventions import caps, judging
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.law import checks
from pfmp_saas.law.facts import parse
from pfmp_saas.types.loader import get_type

_SIX_WEEKS = [{"start": "2027-01-11", "end": "2027-02-19"}]


@click.command()
@click.option("--conventions", "count", default=1000, show_default=True, help="Taille de la campagne.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def law(count: int, *, as_json: bool) -> int:
    """Mesurer les contrôles de la loi (temps de processeur, puis d’horloge pour la campagne)."""
    clock = peers.pyhanko()
    clock.run()
    with school_at_work() as bench:
        model = school.model(bench.session)
        data = {**model.data, "periods": _SIX_WEEKS}
        profile = get_type(model.type_slug).profile
        one = milliseconds(lambda: checks.run(parse(data), profile=profile))
        seconds, counted = _campaign(bench.session, data, count)
    clock.run()
    name = f"campagne de {counted} conventions, plafonds compris (horloge)"
    figures = [
        Figure("contrôler une convention de six semaines", one, reference=5, peer=clock.peer),
        Figure(name, seconds, "s", reference=10, peer=clock.peer),
    ]
    return tell(figures, as_json=as_json)


def _campaign(session: Session, data: dict[str, Any], count: int) -> tuple[float, int]:
    """Check and count ``count`` conventions one after the other, as their sending does; return the seconds."""
    now = utc_now()
    rows = [school.draft(session, data, rank, now) for rank in range(count)]
    start, counted = time.perf_counter(), 0
    for row in rows:
        caps.lock(session, row)
        blocking = [found for found in judging.findings(session, row) if found.severity == "block"]
        if blocking:
            raise BadInput(f"la campagne de mesure est bloquée : {blocking[0].message}")
        caps.register(session, row, parse(row.data))
        counted += 1
    return time.perf_counter() - start, counted
