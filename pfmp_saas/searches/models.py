"""The log of a pupil's search for a placement."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, TenantOwned


class SearchStep(TenantOwned, Base):
    """One step of the search behind a draft without a host: ``kind`` is one of :class:`pfmp_saas.searches.kinds.StepKind`.

    ``done_on`` is the day in the school's zone, ``noted_at`` the instant (UTC) it was written; ``account_id`` is the
    member of the school who wrote it, None for the pupil by the link of the printed sheet. ``place`` orders the steps of one search. ``found`` has the host and the
    tutor as a convention's data have them.
    """

    __tablename__ = "search_steps"
    __table_args__ = (Index("ix_search_steps_of_convention", "convention_id", "place"),)

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"))
    kind: Mapped[str]
    host_name: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    done_on: Mapped[date]
    noted_at: Mapped[datetime]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    place: Mapped[int]
    found: Mapped[dict[str, Any] | None]
