"""The student's evaluation of the host: sent once, read by the school only (L124-4)."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.evaluations import errors
from pfmp_saas.evaluations.checks import faults
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


def submit(
    session: Session,
    convention_id: uuid.UUID,
    account_id: uuid.UUID,
    answers: Mapping[str, str],
    today: date,
    now: datetime,
) -> Evaluation:
    """Keep the student's answers; ``today`` is local to the establishment.

    Raises NotFound for anyone but the student, Conflict too early or the second time, DomainError when a
    question lacks its answer.
    """
    if "student" not in conventions.party_roles(session, convention_id, account_id):
        raise NotFound
    convention = conventions.get(session, convention_id)
    if not is_open(convention, today):
        raise errors.NotOpenYet
    if of_convention(session, convention_id):
        raise errors.AlreadySent
    if faults(questionnaire(session, convention), answers):
        raise errors.Incomplete
    row = Evaluation(
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        student_account_id=account_id,
        answers={
            question.id: answers.get(question.id, "")
            for question in questionnaire(session, convention).questions
        },
        sent_at=now,
    )
    session.add(row)
    session.flush()
    return row


def of_convention(session: Session, convention_id: uuid.UUID) -> Evaluation | None:
    """Return a convention's evaluation, or None."""
    return session.scalars(select(Evaluation).where(Evaluation.convention_id == convention_id)).one_or_none()
