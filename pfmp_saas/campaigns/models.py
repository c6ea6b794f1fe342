"""A campaign over a class, and conventions sent together."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pfmp_saas.campaigns.states import SENDING_MOVES
from pfmp_saas.core.database import Base, TenantOwned
from pfmp_saas.core.moves import Moving


class Campaign(TenantOwned, Base):
    """The placements of one class: ``periods`` and ``common`` (texts of the annex) as a convention's data have them.

    ``hours`` are the weekly hours that each referent teaches the class, by address: pupils are shared out by them.
    ``prepared_on`` begins the week of preparation, ``visited_by`` is the last day of the preliminary visits (S-nat 3.1).
    """

    __tablename__ = "campaigns"

    title: Mapped[str]
    class_name: Mapped[str] = mapped_column(index=True)
    periods: Mapped[list[dict[str, str]]]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    hours: Mapped[dict[str, Any]]
    common: Mapped[dict[str, Any]]
    prepared_on: Mapped[date | None]
    visited_by: Mapped[date | None]
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Sending(TenantOwned, Base):
    """Conventions that one person sent together; ``on_paper``: who has no address signs on paper."""

    __tablename__ = "sendings"

    campaign_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("campaigns.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    on_paper: Mapped[bool]
    opened_at: Mapped[datetime]
    items: Mapped[list["SendingItem"]] = relationship(order_by="SendingItem.position")


class SendingItem(Moving, Base):
    """One convention of a sending: waiting, sent, or left with the ``reason`` in French."""

    __moves__ = SENDING_MOVES
    __tablename__ = "sending_items"
    __table_args__ = (UniqueConstraint("sending_id", "convention_id"),)

    sending_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sendings.id"), index=True)
    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    reason: Mapped[str | None]
    done_at: Mapped[datetime | None]
