"""Reading the current tenant's difficulties."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import existing
from pfmp_saas.difficulties.models import Difficulty
from pfmp_saas.difficulties.states import ALARMS, DifficultyState

EVALUATION = "evaluation"
"""In the place of a capacity: the pupil's questionnaire tells it."""
_BY_HOST = frozenset({"host_representative", "tutor"})


def get(session: Session, difficulty_id: uuid.UUID) -> Difficulty:
    """Return a difficulty of the current tenant. Raises NotFound."""
    return existing(session, Difficulty, difficulty_id)


def of_convention(session: Session, convention_id: uuid.UUID) -> list[Difficulty]:
    """Return a convention's difficulties, the latest first."""
    statement = select(Difficulty).where(Difficulty.convention_id == convention_id)
    return list(session.scalars(statement.order_by(Difficulty.told_at.desc())))


def open_ones(session: Session, limit: int = 100) -> list[tuple[Difficulty, Convention]]:
    """Return the difficulties that await an answer with their conventions, the most urgent first."""
    statement = (
        select(Difficulty, Convention)
        .join(Convention, Convention.id == Difficulty.convention_id)
        .where(Difficulty.state == DifficultyState.OPEN)
        .order_by(Difficulty.due_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def for_referent(row: Difficulty) -> bool:
    """Tell whether the referent reads a difficulty: not what the questionnaire says, nor what may be said of the referent.

    What pupil or guardian tell of safety, respect or harassment is for head and DDFPT alone.
    """
    return row.told_as in _BY_HOST or (row.told_as != EVALUATION and row.kind not in ALARMS)
