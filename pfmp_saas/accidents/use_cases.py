"""Recording an accident, with the legal deadline of its declaration, and recording that it was declared."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.accidents import errors
from pfmp_saas.accidents.audit import ACCIDENTS, DECLARED, RECORDED
from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import AccidentState
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import AccidentDeclared, AccidentRecorded, emit
from pfmp_saas.core.moves import advance, locked
from pfmp_saas.evidence.register import by_account, enter
from pfmp_saas.law.clocks import AccidentClock, accident_deadline
from pfmp_saas.law.territories import first_held
from pfmp_saas.types.loader import get_type


def record_accident(
    session: Session,
    convention_id: uuid.UUID,
    *,
    occurred_at: datetime,
    known_at: datetime,
    place: str,
    circumstances: str,
    commuting: bool,
    recorded_by: uuid.UUID,
    recorded_as: str,
    now: datetime,
) -> Accident:
    """Record an accident of a signed convention (instants in UTC) and reckon the deadline of its declaration.

    ``known_at`` is when the declarant knew: the host in the general regime, the school in the agricultural
    one (R441-3, D751-3). Raises NotFound, Conflict before signature, DomainError on impossible instants.
    """
    clock = _clock(_signed(session, convention_id), occurred_at, known_at)
    if known_at < occurred_at or known_at > now:
        raise errors.ImpossibleInstants
    row = Accident(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        state=AccidentState.RECORDED,
        occurred_at=occurred_at,
        known_at=known_at,
        place=place,
        circumstances=circumstances,
        commuting=commuting,
        **_declaration(clock),
        recorded_by=recorded_by,
        recorded_as=recorded_as,
    )
    session.add(row)
    enter(session, ACCIDENTS, row, RECORDED, by_account(session, recorded_by, recorded_as), now)
    emit(session, AccidentRecorded(subject_id=row.id, at=now))
    return row


def _declaration(clock: AccidentClock) -> dict[str, Any]:
    """Return the columns of an accident that its legal clock gives."""
    return {name: getattr(clock, name) for name in ("declarant", "recipient", "timezone", "deadline")}


def _signed(session: Session, convention_id: uuid.UUID) -> Convention:
    convention = conventions.get(session, convention_id)
    if convention.state != ConventionState.SIGNED:
        raise errors.NotOnSigned
    return convention


def _clock(convention: Convention, occurred_at: datetime, known_at: datetime) -> AccidentClock:
    """Return the legal clock of the declaration, at the declarant's place."""
    regime = get_type(convention.type_slug).accident_regime
    host, school = convention.data.get("host") or {}, convention.data.get("school") or {}
    declarant = school if regime == "agricultural" else host
    return accident_deadline(
        regime=regime,
        territory=first_held(declarant.get("territory"), school.get("territory")),
        known_at=known_at,
        occurred_at=occurred_at,
        host_regime="msa" if host.get("regime") == "msa" else "general",
    )


def declare(
    session: Session,
    accident_id: uuid.UUID,
    *,
    means: str,
    declared_by: uuid.UUID,
    declared_as: str,
    now: datetime,
) -> Accident:
    """Record that the declaration was sent, how, and by which account. Raises NotFound, Conflict, DomainError without a means."""
    row = locked(session, Accident, accident_id)
    if not means.strip():
        raise errors.NoMeans
    advance(row, "declare")
    row.declared_at, row.declaration_means = now, means.strip()[:300]
    actor = by_account(session, declared_by, declared_as)
    enter(session, ACCIDENTS, row, DECLARED, actor, now)
    emit(session, AccidentDeclared(subject_id=row.id, at=now))
    return row
