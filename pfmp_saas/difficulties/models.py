"""A difficulty of a placement, told by whoever lives it."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base
from pfmp_saas.core.moves import Moving
from pfmp_saas.difficulties.states import MOVES


class Difficulty(Moving, Base):
    """``told_as`` is the capacity of who told it, ``evaluation`` for an answer of the pupil's questionnaire.

    ``kind`` is one of :class:`pfmp_saas.difficulties.states.DifficultyKind`, ``state`` of ``DifficultyState``;
    ``due_at`` (UTC) is by when the school answers.
    """

    __moves__ = MOVES
    __tablename__ = "difficulties"

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"), index=True)
    kind: Mapped[str]
    told_as: Mapped[str]
    told_by: Mapped[uuid.UUID]
    told_at: Mapped[datetime]
    words: Mapped[str]
    due_at: Mapped[datetime]
    measures: Mapped[str | None]
    settled_by: Mapped[uuid.UUID | None]
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
