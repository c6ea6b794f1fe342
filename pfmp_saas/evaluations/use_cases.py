"""The student's evaluation of the host: sent once, read by the school only (L124-4)."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions import queries as conventions
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import Conflict, NotFound
from pfmp_saas.evaluations.models import Evaluation


def submit(
    session: Session,
    convention_id: uuid.UUID,
    account_id: uuid.UUID,
    answers: Mapping[str, str],
    now: datetime,
) -> Evaluation:
    """Keep the student's answers. Raises NotFound for anyone but the student, Conflict the second time."""
    if "student" not in conventions.party_roles(session, convention_id, account_id):
        raise NotFound
    if of_convention(session, convention_id):
        raise Conflict("Votre avis est déjà envoyé. Merci.")
    row = Evaluation(
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        student_account_id=account_id,
        answers={key: text.strip()[:2000] for key, text in answers.items()},
        sent_at=now,
    )
    session.add(row)
    session.flush()
    return row


def of_convention(session: Session, convention_id: uuid.UUID) -> Evaluation | None:
    """Return a convention's evaluation, or None."""
    return session.scalars(select(Evaluation).where(Evaluation.convention_id == convention_id)).one_or_none()
