"""Evidence rows: events that are only ever added, the head of each chain, salts, and signing authorities."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, TenantOwned


class EvidenceEvent(TenantOwned, Base):
    """One event. ``canonical`` is the RFC 8785 text that ``hash`` covers; the columns only index it.
    ``log_index`` is the event's place in its school's log, from 0.

    The runtime role may insert and read, never update or delete.
    """

    __tablename__ = "evidence_events"
    __table_args__ = (
        UniqueConstraint("tenant_id", "subject", "sequence"),
        UniqueConstraint("tenant_id", "log_index"),
    )

    subject: Mapped[str]
    sequence: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    previous_hash: Mapped[str]
    hash: Mapped[str]
    canonical: Mapped[str]
    log_index: Mapped[int] = mapped_column(BigInteger)


class ChainHead(TenantOwned, Base):
    """The length and last hash of one subject's chain: locked to append, compared by the audit."""

    __tablename__ = "chain_heads"
    __table_args__ = (UniqueConstraint("tenant_id", "subject"),)

    subject: Mapped[str]
    length: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(default="")


class EvidenceSalt(TenantOwned, Base):
    """The salt of one commitment; destroying it makes the person unreadable and leaves the chain whole."""

    __tablename__ = "evidence_salts"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evidence_events.id"))
    name: Mapped[str]
    value: Mapped[str | None]
    salt: Mapped[bytes | None]
    erased_at: Mapped[datetime | None]


class TenantAuthority(TenantOwned, Base):
    """The authority that issues a certificate per act; its key is wrapped by the key-encryption key."""

    __tablename__ = "tenant_authorities"

    certificate_pem: Mapped[str]
    root_pem: Mapped[str]
    root_list_pem: Mapped[str] = mapped_column(default="")
    wrapped_key: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]
