"""What happened, written in the transaction that made it happen; `workflows` reacts to it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base
from pfmp_saas.core.retries import Retried


class OutboxEvent(Retried, Base):
    """One fact that another domain may have to react to. ``subject_id`` is the object it is about."""

    __tablename__ = "outbox_events"
    __table_args__ = (Index("ix_outbox_pending", "created_at", postgresql_where=text("state = 'waiting'")),)

    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
