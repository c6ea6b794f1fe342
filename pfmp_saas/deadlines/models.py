"""What falls due, and the effect that each occurrence had: exactly one."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, TenantOwned
from pfmp_saas.core.retries import Retried


class DueItem(Retried, Base):
    """A reminder to give at ``due_at`` (UTC) about a subject whose legal limit is ``deadline`` (UTC)."""

    __tablename__ = "due_items"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "subject_id", "occurrence"),
        Index("ix_due_waiting", "due_at", postgresql_where=text("state = 'waiting'")),
    )

    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    occurrence: Mapped[str]
    due_at: Mapped[datetime]
    deadline: Mapped[datetime | None]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Effect(TenantOwned, Base):
    """The one effect of one occurrence: missed, doubled or killed runs cannot make a second."""

    __tablename__ = "effects"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "subject_id", "occurrence"),)

    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    occurrence: Mapped[str]
    at: Mapped[datetime]
