"""What falls due, and the effect that each occurrence had: exactly one."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, TenantOwned


class DueState(StrEnum):
    """A due item waits, is done, is no longer wanted (signed, declared, withdrawn), or was given up after many faults."""

    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class DueItem(TenantOwned, Base):
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
    state: Mapped[str] = mapped_column(default=DueState.WAITING)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Effect(TenantOwned, Base):
    """The one effect of one occurrence: missed, doubled or killed runs cannot make a second."""

    __tablename__ = "effects"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "subject_id", "occurrence"),)

    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    occurrence: Mapped[str]
    at: Mapped[datetime]
