"""The student's evaluation of the host: sent once, read by the school only (L124-4)."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from pfmp_saas.conventions import queries as conventions
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.events import EvaluationAlarmed, emit
from pfmp_saas.core.roles import Role
from pfmp_saas.evaluations import errors, queries
from pfmp_saas.evaluations.audit import EVALUATIONS, SENT
from pfmp_saas.evaluations.checks import alarm, faults
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.evidence.register import by_account, enter


def submit(
    session: Session,
    convention_id: uuid.UUID,
    account_id: uuid.UUID,
    answers: Mapping[str, str],
    today: date,
    now: datetime,
) -> Evaluation:
    """Store the student's answers; ``today`` is local to the establishment.

    Raises NotFound for anyone but the student, Conflict too early or the second time, DomainError when a
    question lacks its answer.
    """
    if Role.STUDENT not in conventions.party_roles(session, convention_id, account_id):
        raise NotFound
    convention = conventions.get(session, convention_id)
    if not queries.is_open(convention, today):
        raise errors.NotOpenYet
    if queries.of_convention(session, convention_id):
        raise errors.AlreadySent
    if faults(queries.questionnaire(session, convention), answers):
        raise errors.Incomplete
    row = Evaluation(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        student_account_id=account_id,
        answers={
            question.id: answers.get(question.id, "")
            for question in queries.questionnaire(session, convention).questions
        },
        sent_at=now,
    )
    session.add(row)
    enter(session, EVALUATIONS, row, SENT, by_account(session, account_id, Role.STUDENT), now)
    alarmed = alarm(queries.questionnaire(session, convention), answers)
    if alarmed:
        emit(session, EvaluationAlarmed(subject_id=row.id, at=now, kind=alarmed))
    return row
