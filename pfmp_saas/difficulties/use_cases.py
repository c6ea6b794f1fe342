"""Telling a difficulty to the school, and settling it by measures that are kept."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import DifficultySettled, DifficultyTold, emit
from pfmp_saas.core.moves import advance, locked
from pfmp_saas.difficulties import errors
from pfmp_saas.difficulties.audit import DIFFICULTIES, SETTLED, TOLD
from pfmp_saas.difficulties.models import Difficulty
from pfmp_saas.difficulties.states import ALARMS, DifficultyKind, DifficultyState
from pfmp_saas.evidence.register import by_account, enter

ALARM_TIME, USUAL_TIME = timedelta(hours=24), timedelta(days=3)
"""Within which the school answers; no text says so, the school's own care does."""


def tell(
    session: Session,
    convention_id: uuid.UUID,
    kind: DifficultyKind,
    words: str,
    *,
    told_as: str,
    told_by: uuid.UUID,
    now: datetime,
) -> Difficulty:
    """Store what goes wrong during a placement (S-nat 16). Raises NotFound, Conflict before signature, DomainError."""
    if conventions.get(session, convention_id).state != ConventionState.SIGNED:
        raise errors.NotDuringPlacement
    if not words.strip():
        raise errors.NoWords
    row = Difficulty(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        kind=kind,
        told_as=told_as,
        told_by=told_by,
        told_at=now,
        words=words.strip(),
        due_at=now + (ALARM_TIME if kind in ALARMS else USUAL_TIME),
        state=DifficultyState.OPEN,
    )
    session.add(row)
    enter(session, DIFFICULTIES, row, TOLD, by_account(session, told_by, told_as), now)
    emit(session, DifficultyTold(subject_id=row.id, at=now))
    return row


def settle(
    session: Session,
    difficulty_id: uuid.UUID,
    measures: str,
    *,
    settled_by: uuid.UUID,
    settled_as: str,
    now: datetime,
) -> Difficulty:
    """Store what was done about a difficulty, which ends its reminders. Raises NotFound, Conflict, DomainError."""
    row = locked(session, Difficulty, difficulty_id)
    if not measures.strip():
        raise errors.NoMeasures
    advance(row, "settle")
    row.measures, row.settled_by, row.settled_at = measures.strip(), settled_by, now
    enter(session, DIFFICULTIES, row, SETTLED, by_account(session, settled_by, settled_as), now)
    emit(session, DifficultySettled(subject_id=row.id, at=now))
    return row
