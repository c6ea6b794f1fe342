"""The attestation of placement (S-nat annex 3, D124-9), one per convention."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, func
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.attestations.states import MOVES
from pfmp_saas.core.database import Base
from pfmp_saas.core.moves import Moving


class Attestation(Moving, Base):
    """``effective_days`` counts D124-6 days; ``gratification`` is a total in euros. ``reason`` says why the figures differ from
    what the convention plans, empty where they do not.

    ``state`` is one of :class:`pfmp_saas.attestations.states.AttestationState`.
    """

    __moves__ = MOVES
    __tablename__ = "attestations"

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"), unique=True)
    due_on: Mapped[date]
    effective_days: Mapped[Decimal | None] = mapped_column(Numeric(6, 1))
    gratification: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    place: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("signature_requests.id"))
    signed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
