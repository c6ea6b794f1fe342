"""An accident during a placement and the clock of its declaration."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.accidents.states import MOVES
from pfmp_saas.core.database import Base
from pfmp_saas.core.moves import Moving


class Accident(Moving, Base):
    """What happened, who must declare it, to whom and by when (UTC). No health detail is kept.

    ``state`` is one of :class:`pfmp_saas.accidents.states.AccidentState`.
    """

    __moves__ = MOVES
    __tablename__ = "accidents"

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"), index=True)
    occurred_at: Mapped[datetime]
    known_at: Mapped[datetime]
    place: Mapped[str]
    circumstances: Mapped[str]
    commuting: Mapped[bool] = mapped_column(default=False)
    declarant: Mapped[str]
    recipient: Mapped[str]
    timezone: Mapped[str]
    deadline: Mapped[datetime]
    recorded_by: Mapped[uuid.UUID]
    recorded_as: Mapped[str]
    declared_at: Mapped[datetime | None]
    declaration_means: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
