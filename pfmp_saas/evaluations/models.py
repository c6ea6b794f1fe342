"""The student's evaluation of the host (L124-4, S-nat 3.6): for the school, never for the host."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, TenantOwned


class Evaluation(TenantOwned, Base):
    """Answers to the type's questionnaire: ``answers`` maps a question's key to a mark or a text."""

    __tablename__ = "evaluations"

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"), unique=True)
    student_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    answers: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
