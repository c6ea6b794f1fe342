"""`pfmp bench law`: what it costs to check one convention, and a whole campaign with the caps across conventions."""

import time
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.bench.ground import Figure, milliseconds, school_at_work, tell
from pfmp_saas.conventions import caps, use_cases
from pfmp_saas.conventions.models import Convention
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
    with school_at_work() as bench:
        session = bench.session
        model = session.scalars(select(Convention).where(Convention.state == "draft")).first()
        if model is None:
            raise BadInput("la démonstration n’a pas de brouillon")
        data = {**model.data, "periods": _SIX_WEEKS}
        profile = get_type(model.type_slug).profile
        one = milliseconds(lambda: checks.run(parse(data), profile=profile))
        seconds, counted = _campaign(session, data, count)
    figures = [
        Figure("contrôler une convention de six semaines", one, limit=5),
        Figure(f"campagne de {counted} conventions, plafonds compris (horloge)", seconds, "s", limit=10),
    ]
    return tell(figures, as_json=as_json)


def _campaign(session: Session, data: dict[str, Any], count: int) -> tuple[float, int]:
    """Check and count ``count`` conventions one after the other, as their sending does; return the seconds."""
    rows = [_draft(session, data, rank) for rank in range(count)]
    session.flush()
    start, counted = time.perf_counter(), 0
    for row in rows:
        caps.lock(session, row)
        blocking = [found for found in use_cases.findings(session, row) if found.severity == "block"]
        if blocking:
            raise BadInput(f"la campagne de mesure est bloquée : {blocking[0].message}")
        caps.register(session, row, parse(row.data))
        counted += 1
    return time.perf_counter() - start, counted


def _draft(session: Session, data: dict[str, Any], rank: int) -> Convention:
    """Add a draft of a class-wide campaign: eight pupils a teacher, two a tutor, twenty a large host."""
    row = use_cases.create_draft(session, student_id=None, created_by=None, now=datetime.now(UTC))

    changes = {
        **data,
        "student": {**data["student"], "last_name": f"Élève {rank}"},
        "tutor": {**data["tutor"], "email": f"tuteur{rank // 2}@hote.example"},
        "referent": {**data["referent"], "email": f"referent{rank // 8}@lycee.example"},
        "host": {**data["host"], "siret": _siret(rank // 20), "staff": 400},
    }
    row.data = changes
    return row


def _siret(number: int) -> str:
    """Return a well-formed SIRET of its own for each number (Luhn)."""
    stem = f"{100_000_000 + number}0000"
    doubled = (int(digit) * (2 if rank % 2 == 0 else 1) for rank, digit in enumerate(reversed(stem)))
    return stem + str(-sum(value // 10 + value % 10 for value in doubled) % 10)
