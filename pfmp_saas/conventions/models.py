"""The convention and the people it concerns."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Computed, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pfmp_saas.conventions.states import MOVES
from pfmp_saas.core.database import Base, TenantOwned
from pfmp_saas.core.moves import Moving

SEARCHED = " || ' ' || ".join(
    [
        "number",
        "class_name",
        "student_name",
        "host_name",
        *(
            f"coalesce(data -> '{part}' ->> '{name}', '')"
            for part, name in (
                ("host", "trade_name"),
                ("host", "siret"),
                ("tutor", "name"),
                ("referent", "name"),
            )
        ),
    ]
)
"""What a search of conventions looks into, as SQL."""
HOST_SEARCHED = (
    "name || ' ' || siret || ' ' || coalesce(data ->> 'trade_name', '') || ' ' || coalesce(data ->> 'city', '') "
    "|| ' ' || coalesce(data ->> 'address', '')"
)
"""What a search of hosts looks into, as SQL."""


class Convention(Moving, Base):
    """A convention: ``data`` has the shape of the contract's FILE.json, drafted then frozen at sending.

    ``state`` is one of :class:`pfmp_saas.conventions.states.ConventionState`; ``draft_version`` counts saves,
    ``saved_by`` is the account that saved last; ``blocking`` is what kept the draft back then (code, where, message);
    ``campaign_id`` is the campaign that opened it. Once sent it is bound for ever to a school's type
    (``type_revision_id``) or to a packaged one (``base_digest``). ``folded`` is what a search
    looks into, ``referent`` the referent's address.
    """

    __moves__ = MOVES
    __tablename__ = "conventions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        ForeignKeyConstraint(
            ["tenant_id", "type_revision_id"], ["type_revisions.tenant_id", "type_revisions.id"]
        ),
        Index("ix_conventions_state", "tenant_id", "state", "number"),
        Index("ix_conventions_begin", "tenant_id", "state", "starts_on"),
        Index("ix_conventions_current", "tenant_id", "ends_on"),
        Index("ix_conventions_campaign", "campaign_id", "number"),
        Index("ix_conventions_class", "tenant_id", "class_name", "number"),
        Index("ix_conventions_host", "tenant_id", "host_siret", "number"),
        Index("ix_conventions_referent", "tenant_id", "referent", "number"),
    )

    number: Mapped[str]
    type_slug: Mapped[str]
    type_version: Mapped[str]
    type_revision_id: Mapped[uuid.UUID | None]
    base_digest: Mapped[str | None] = mapped_column(ForeignKey("base_types.digest"))
    data: Mapped[dict[str, Any]]
    draft_version: Mapped[int] = mapped_column(default=1)
    student_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("students.id"), index=True)
    student_name: Mapped[str] = mapped_column(default="")
    host_name: Mapped[str] = mapped_column(default="")
    folded: Mapped[str] = mapped_column(Computed(f"pfmp_fold({SEARCHED})", persisted=True), deferred=True)
    referent: Mapped[str | None] = mapped_column(Computed("data -> 'referent' ->> 'email'", persisted=True))
    host_siret: Mapped[str | None] = mapped_column(Computed("data -> 'host' ->> 'siret'", persisted=True))
    class_name: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("signature_requests.id"))
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    saved_by: Mapped[uuid.UUID | None]
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("campaigns.id"))
    blocking: Mapped[list[dict[str, str]] | None]
    sent_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    parties: Mapped[list["ConventionParty"]] = relationship(order_by="ConventionParty.role")


class ConventionParty(TenantOwned, Base):
    """A person concerned by a sent convention, in one capacity: what opens it to his or her portal."""

    __tablename__ = "convention_parties"
    __table_args__ = (UniqueConstraint("convention_id", "role", "email"),)

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"), index=True)
    role: Mapped[str]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class Placement(TenantOwned, Base):
    """One period of a convention that was sent, as the caps count it; inactive once refused or withdrawn.

    Keys are what two conventions share: ``siren`` names the host's legal entity (by a hash of its name and address
    where it has no SIRET), the others are hashes, so that counting across schools shows nobody's name.
    """

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("convention_id", "starts_on"),
        Index("ix_placements_siren", "siren", "ends_on", postgresql_where=text("active")),
        Index("ix_placements_tutor", "tutor_key", "ends_on", postgresql_where=text("active")),
        Index("ix_placements_referent", "referent_key", "ends_on", postgresql_where=text("active")),
        Index("ix_placements_student", "student_key", postgresql_where=text("active")),
    )

    convention_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conventions.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    minutes: Mapped[int]
    siren: Mapped[str]
    tutor_key: Mapped[str]
    referent_key: Mapped[str]
    student_key: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class Host(TenantOwned, Base):
    """An organisme d'accueil this school knows, to prefill the next convention.

    ``identity`` is its SIRET or, without one, its name and address as they are compared; ``former`` are further SIRETs
    under which it was known. ``contacts`` and ``notes`` are the school's own; ``folded`` is what a search looks into.
    """

    __tablename__ = "hosts"
    __table_args__ = (UniqueConstraint("tenant_id", "identity"),)

    identity: Mapped[str]
    siret: Mapped[str]
    name: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    former: Mapped[list[str]] = mapped_column(JSONB(), default=list)
    contacts: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    folded: Mapped[str] = mapped_column(
        Computed(f"pfmp_fold({HOST_SEARCHED})", persisted=True), deferred=True
    )
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class BoardHabit(TenantOwned, Base):
    """What a member keeps of the board: ``filters`` (name, what is asked), the present visit, and the end of the one before (UTC)."""

    __tablename__ = "board_habits"
    __table_args__ = (UniqueConstraint("tenant_id", "account_id", name="uq_board_habits_account"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    filters: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    visited_at: Mapped[datetime | None]
    since: Mapped[datetime | None]
