"""An amendment to a signed convention (D124-4): what it changes, why, and the signatures it awaits."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.amendments.states import MOVES
from pfmp_saas.core.database import Base
from pfmp_saas.core.moves import Moving


class Amendment(Moving, Base):
    """``before`` is the convention's data as the amendment found it, ``data`` as it will stand, both whole.

    ``rank`` counts a convention's amendments from 1, the abandoned drafts left out. ``nature`` is one of
    :class:`pfmp_saas.amendments.states.Nature`, ``outcome`` of ``Outcome`` or nothing, ``state`` of ``AmendmentState``.
    One at most is a draft or in signature.
    """

    __moves__ = MOVES
    __tablename__ = "amendments"
    __table_args__ = (
        UniqueConstraint("convention_id", "rank"),
        Index(
            "uq_amendments_open",
            "convention_id",
            unique=True,
            postgresql_where=text("state in ('draft', 'sent')"),
        ),
    )

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"))
    rank: Mapped[int]
    nature: Mapped[str]
    reason: Mapped[str]
    outcome: Mapped[str | None]
    before: Mapped[dict[str, Any]]
    data: Mapped[dict[str, Any]]
    request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("signature_requests.id"))
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
