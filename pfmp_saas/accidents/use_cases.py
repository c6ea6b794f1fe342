"""Recording an accident, with the legal deadline of its declaration, and recording that it was declared."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import AccidentState, move
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.types.loader import get_type
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.outbox import emit
from pfmp_saas.deadlines.clocks import accident_deadline


def record_accident(
    session: Session,
    convention_id: uuid.UUID,
    *,
    occurred_at: datetime,
    known_at: datetime,
    place: str,
    circumstances: str,
    recorded_by: uuid.UUID,
    recorded_as: str,
    now: datetime,
) -> Accident:
    """Record an accident (instants in UTC) and reckon its deadline. Raises DomainError on impossible instants."""
    if known_at < occurred_at or known_at > now:
        raise DomainError(
            "L’accident n’a pas pu être connu avant d’arriver, ni dans le futur.", field="known_at"
        )
    if not place.strip() or not circumstances.strip():
        raise DomainError("Dites où et comment l’accident est arrivé.", field="circumstances")
    convention = conventions.get(session, convention_id)
    regime, host = get_type(convention.type_slug).accident_regime, convention.data.get("host") or {}
    declarant = (convention.data.get("school") or {}) if regime == "agricultural" else host
    clock = accident_deadline(
        regime=regime,
        territory=declarant.get("territory") or "",
        known_at=known_at,
        occurred_at=occurred_at,
        host_regime=host.get("regime") or "general",
    )
    row = Accident(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        state=AccidentState.RECORDED,
        occurred_at=occurred_at,
        known_at=known_at,
        place=place.strip()[:300],
        circumstances=circumstances.strip()[:4000],
        declarant=clock.declarant,
        recipient=clock.recipient,
        timezone=str(clock.timezone),
        deadline=clock.deadline,
        recorded_by=recorded_by,
        recorded_as=recorded_as,
    )
    session.add(row)
    session.flush()
    emit(session, "accident.recorded", row.id)
    return row


def declare(session: Session, accident_id: uuid.UUID, *, means: str, now: datetime) -> Accident:
    """Record that the declaration was sent, by which dated means. Raises NotFound, Conflict."""
    row = session.get(Accident, accident_id)
    if row is None:
        raise NotFound
    row.state, row.declared_at, row.declaration_means = move(row.state, "declare"), now, means.strip()[:300]
    emit(session, "accident.declared", row.id)
    return row


def of_convention(session: Session, convention_id: uuid.UUID) -> list[Accident]:
    """Return a convention's accidents, the latest first."""
    statement = (
        select(Accident).where(Accident.convention_id == convention_id).order_by(Accident.occurred_at.desc())
    )
    return list(session.scalars(statement))
