"""What waits for a school's office, across the domains: counted in one statement, and told by deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import AccidentState
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.overview import begins_soon
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.retries import WorkState
from pfmp_saas.followups.models import Followup
from pfmp_saas.followups.states import FollowupState
from pfmp_saas.halves import queries as halves
from pfmp_saas.searches import queries as searches
from pfmp_saas.signing import handing, reaching, remarks
from pfmp_saas.signing import queries as signing
from pfmp_saas.workflows.failures import KINDS


class Waiting(StrEnum):
    """What can wait for the office."""

    ACCIDENTS = "accidents"
    TO_SIGN = "to-sign"
    ATTESTATIONS = "attestations"
    DRAFTS = "drafts"
    UNSIGNED = "unsigned"
    FOLLOWUPS = "followups"
    FAILURES = "failures"
    REMARKS = "remarks"
    LOST = "lost"
    SEARCHES = "searches"
    HALVES = "halves"
    COPIES = "copies"


@dataclass(frozen=True)
class Heap:
    """So many things of one kind wait; ``first`` is the local day of the most urgent, None where none has a day."""

    kind: Waiting
    number: int
    first: date | None


def numbers(session: Session, today: date | None, signer: str | None) -> dict[str, int]:
    """Return the counts of the navigation in one statement: what is ``late`` on a local day, what one has ``to_sign``.

    ``today`` is None for who does not follow up, ``signer`` (an address) for who does not sign here.
    """
    statements = _to_sign(signer) | (_late(today) if today else {})
    rows = list(session.execute(_together(statements))) if statements else []
    return added_up(
        {Waiting(row.kind): row.number for row in rows}, late=today is not None, signs=signer is not None
    )


def added_up(found: Mapping[Waiting, int], *, late: bool, signs: bool) -> dict[str, int]:
    """Return the counts of the navigation out of those of each kind, for who may see them."""
    both = {
        "late": sum(number for kind, number in found.items() if kind in LATE),
        "to_sign": found.get(Waiting.TO_SIGN, 0),
    }
    return {name: number for name, number in both.items() if {"late": late, "to_sign": signs}[name]}


def heaps(session: Session, today: date, signer: str | None) -> list[Heap]:
    """Return what waits, the most urgent first; kinds of which nothing waits are left out (``today`` is local).

    ``signer`` is the address of who looks, where she signs here: what she has to sign is counted too.
    """
    statements: dict[str, Select[int, Any]] = {
        **_to_sign(signer),
        **_late(today),
        Waiting.DRAFTS: begins_soon(ConventionState.DRAFT, today),
        Waiting.UNSIGNED: begins_soon(ConventionState.SENT, today),
        Waiting.REMARKS: remarks.counting_open(),
        Waiting.LOST: reaching.counting_lost(),
        Waiting.SEARCHES: searches.counting_unanswered(),
        Waiting.COPIES: handing.counting_owed(),
        Waiting.HALVES: halves.counting_answered(),
    }
    rows = session.execute(_together(statements))
    found = [Heap(Waiting(row.kind), row.number, row.first) for row in rows if row.number]
    return sorted(found, key=lambda heap: heap.first or today)


def accidents(session: Session, limit: int = 20) -> list[tuple[Accident, Convention]]:
    """Return the accidents still to declare with their conventions, the most urgent first."""
    statement = (
        select(Accident, Convention)
        .join(Convention, Convention.id == Accident.convention_id)
        .where(Accident.state == AccidentState.RECORDED)
        .order_by(Accident.deadline)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def hours_left(deadline: datetime, now: datetime) -> str:
    """Say how long remains until a deadline, as « il reste 17 h 20 », or by how long it has passed."""
    minutes = int((deadline - now).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    told = f"{hours}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{rest:02d}" if hours < 72 else f"{hours // 24} jours"
    return f"il reste {told}" if minutes >= 0 else f"dépassé de {told}"


LATE = frozenset({Waiting.ACCIDENTS, Waiting.ATTESTATIONS, Waiting.FOLLOWUPS, Waiting.FAILURES})
"""What the follow-up's count in the navigation adds up."""


def _to_sign(signer: str | None) -> dict[str, Select[int, Any]]:
    return {Waiting.TO_SIGN: signing.counting_awaited(signer)} if signer else {}


def _late(today: date) -> dict[str, Select[int, Any]]:
    failed = [
        select(model.failed_at.label("at")).where(model.state == WorkState.FAILED) for model in KINDS.values()
    ]
    every = failed[0].union_all(*failed[1:]).subquery()
    return {
        Waiting.ACCIDENTS: select(func.count(), func.min(Accident.deadline)).where(
            Accident.state == AccidentState.RECORDED
        ),
        Waiting.ATTESTATIONS: select(func.count(), func.min(Attestation.due_on)).where(
            Attestation.state != AttestationState.SIGNED, Attestation.due_on <= today
        ),
        Waiting.FOLLOWUPS: select(func.count(), func.min(Followup.due_on)).where(
            Followup.state == FollowupState.EXPECTED, Followup.due_on < today
        ),
        Waiting.FAILURES: select(func.count(), func.min(every.c.at)),
    }


def _together(statements: Mapping[str, Select[int, Any]]) -> CompoundSelect[Any]:
    """Return one statement of (kind, number, first) rows out of those that count one kind each."""
    counted = {kind: statement.subquery() for kind, statement in statements.items()}
    return union_all(
        *(
            select(
                literal(str(kind)).label("kind"),
                part.c[0].label("number"),
                cast(part.c[1], Date).label("first"),
            )
            for kind, part in counted.items()
        )
    )
