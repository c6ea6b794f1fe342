"""Reading evaluations, and when one may be given."""

import uuid
from collections.abc import Collection
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


def given(session: Session, conventions: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of these conventions that were evaluated already."""
    statement = select(Evaluation.convention_id).where(Evaluation.convention_id.in_(conventions))
    return set(session.scalars(statement))
