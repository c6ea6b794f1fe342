"""The keys of the logs, and the checkpoints that they signed."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pfmp_saas.core.database import Base, TenantOwned


class LogKey(TenantOwned, Base):
    """The Ed25519 key of a school's log, wrapped; the runtime role may write it once and never read it again.

    ``origin`` is the log's name for ever, whatever the address of the service becomes.
    """

    __tablename__ = "log_keys"

    origin: Mapped[str]
    certificate_pem: Mapped[str]
    wrapped_key: Mapped[bytes] = mapped_column(deferred=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]


class Stamped:
    """A timestamp that was asked for: it is awaited while ``stamp_due_at`` is set; ``stamp`` is the token (DER)."""

    stamp: Mapped[bytes | None]
    stamp_due_at: Mapped[datetime | None]
    stamp_attempts: Mapped[int] = mapped_column(default=0)
    stamp_error: Mapped[str | None]


class StoredCheckpoint(TenantOwned, Stamped, Base):
    """A checkpoint as it was signed. Only the role ``pfmp_checkpoint`` writes it, and reads there what it signed last.

    ``made_at`` only says in which order they came; the time that counts is in ``stamp``, the RFC 3161 token (DER)
    over the note, once an authority gave one.
    """

    __tablename__ = "checkpoints"
    __table_args__ = (UniqueConstraint("tenant_id", "size"),)

    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes]
    note: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    second: Mapped["SecondStamp | None"] = relationship(back_populates="checkpoint")

    @property
    def digested(self) -> str:
        """Return the note: timestamps are made over it."""
        return self.note


class SecondStamp(TenantOwned, Stamped, Base):
    """The timestamp of a checkpoint by a second authority, independent of the first and awaited apart from it."""

    __tablename__ = "second_stamps"

    checkpoint_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("checkpoints.id"), unique=True)
    checkpoint: Mapped[StoredCheckpoint] = relationship(back_populates="second")

    @property
    def digested(self) -> str:
        """Return the checkpoint's note: timestamps are made over it."""
        return self.checkpoint.note


class Cosignature(TenantOwned, Base):
    """A cosignature asked of a witness: ``line`` once it answered; while it did not, ``due_at`` is when to ask again.

    ``witness`` is its key as it is shared. Written by the role ``pfmp_checkpoint`` only.
    """

    __tablename__ = "cosignatures"
    __table_args__ = (UniqueConstraint("checkpoint_id", "witness"),)

    checkpoint_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("checkpoints.id"))
    witness: Mapped[str]
    line: Mapped[str | None]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
