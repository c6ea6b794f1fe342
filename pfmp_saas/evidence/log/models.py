"""The rows of a school's log: complete nodes that are only ever added, and the head that grows."""

import uuid

from sqlalchemy import BigInteger, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base


class LogNode(Base):
    """One complete subtree of a school's log; level 0 holds the leaf hashes.

    The runtime role may insert and read, never update or delete.
    """

    __tablename__ = "log_nodes"

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("establishments.id"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[bytes]


class LogHead(Base):
    """How many leaves a school's log has, and its peaks, 32 bytes each, left to right; locked to append."""

    __tablename__ = "log_heads"

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("establishments.id"), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    peaks: Mapped[bytes]
