"""An act of the referent's follow-up, one row for each kind and each period of a convention."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base
from pfmp_saas.core.moves import Moving
from pfmp_saas.followups.states import MOVES


class Followup(Moving, Base):
    """``due_on`` is the last day for it, ``done_on`` the day when the teacher says it was done.

    ``kind`` is one of :class:`pfmp_saas.followups.states.FollowupKind`, ``state`` of ``FollowupState``.
    """

    __moves__ = MOVES
    __tablename__ = "followups"
    __table_args__ = (UniqueConstraint("convention_id", "kind", "starts_on"),)

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"))
    kind: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    done_on: Mapped[date | None]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
