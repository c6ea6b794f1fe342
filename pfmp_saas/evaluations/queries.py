"""Reading evaluations, and when one may be given."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.types.model import Evaluation as Questionnaire
from pfmp_saas.types.revisions.use_cases import type_of


def questionnaire(session: Session, convention: Convention) -> Questionnaire:
    """Return the questions that a convention's type asks."""
    return type_of(session, convention).evaluation


def is_open(convention: Convention, today: date) -> bool:
    """Tell whether the student may answer: the convention is signed and its last day has come."""
    ended = convention.ends_on is not None and today >= convention.ends_on
    return convention.state == ConventionState.SIGNED and ended


def of_convention(session: Session, convention_id: uuid.UUID) -> Evaluation | None:
    """Return a convention's evaluation, or None."""
    return session.scalars(select(Evaluation).where(Evaluation.convention_id == convention_id)).one_or_none()


@dataclass(frozen=True)
class Rating:
    """What pupils think of a host: the average mark of their answers, the best mark, and how many answered."""

    average: float
    out_of: int
    number: int


def rating(session: Session, conventions: Sequence[Convention]) -> Rating | None:
    """Return the pupils' rating of the placements of ``conventions``, for the staff only (L124-4); None without an answer."""
    by_id = {row.id: row for row in conventions}
    marks: list[int] = []
    best = number = 0
    for row in session.scalars(select(Evaluation).where(Evaluation.convention_id.in_(by_id))):
        scale = questionnaire(session, by_id[row.convention_id]).scale
        given_marks = [len(scale) - scale.index(each) for each in row.answers.values() if each in scale]
        marks += given_marks
        best, number = max(best, len(scale)), number + bool(given_marks)
    return Rating(sum(marks) / len(marks), best, number) if marks else None


def given(session: Session, conventions: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of these conventions that were evaluated already."""
    statement = select(Evaluation.convention_id).where(Evaluation.convention_id.in_(conventions))
    return set(session.scalars(statement))
