"""An accident during a placement and the clock of its declaration."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.accidents.states import MOVES
from pfmp_saas.core.database import Base
from pfmp_saas.core.moves import Moving


class Accident(Moving, Base):
    """What happened, who must declare it, to whom and by when (UTC). No health detail is kept.

    ``state`` is one of :class:`pfmp_saas.accidents.states.AccidentState`; ``corrects_id`` is the entry that this one
    corrects, which stays readable. ``sent_on`` is the day on the proof that the declaration left, ``proof_id`` that proof,
    ``copied_at`` when the school had its copy of a host's declaration.
    """

    __moves__ = MOVES
    __tablename__ = "accidents"

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"), index=True)
    occurred_at: Mapped[datetime]
    known_at: Mapped[datetime]
    place: Mapped[str]
    circumstances: Mapped[str]
    commuting: Mapped[bool] = mapped_column(default=False)
    activity: Mapped[str] = mapped_column(default="", server_default="")
    cause: Mapped[str] = mapped_column(default="", server_default="")
    witnesses: Mapped[str] = mapped_column(default="", server_default="")
    third_party: Mapped[str] = mapped_column(default="", server_default="")
    declarant: Mapped[str]
    recipient: Mapped[str]
    timezone: Mapped[str]
    deadline: Mapped[datetime]
    recorded_by: Mapped[uuid.UUID]
    recorded_as: Mapped[str]
    declared_at: Mapped[datetime | None]
    declaration_means: Mapped[str | None]
    sent_on: Mapped[date | None]
    proof_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    copied_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accidents.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
