"""What a host was asked, and what it answered."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, TenantOwned


class HostHalf(TenantOwned, Base):
    """The host's half of one draft: ``answers`` are what the host changed, by path of the convention's data.

    ``name`` and ``email`` are who was asked; ``asked_at``, ``saved_at``, ``answered_at`` (sent to the school) and
    ``taken_at`` (taken up by the school) are UTC instants. ``saves`` counts the host's savings, so that two pages
    know of each other.
    """

    __tablename__ = "host_halves"
    __table_args__ = (UniqueConstraint("tenant_id", "convention_id", name="uq_host_halves_convention"),)

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"))
    name: Mapped[str]
    email: Mapped[str]
    answers: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    saves: Mapped[int]
