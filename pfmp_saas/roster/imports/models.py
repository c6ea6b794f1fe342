"""Imports of a school's files, their contents until they are imported, and what they changed, for a day."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, TenantOwned
from pfmp_saas.core.moves import Moves, Moving
from pfmp_saas.roster.imports.states import IMPORT_MOVES


class RosterImport(Moving, Base):
    """Files handed over together; ``read`` is what they were read as, emptied of names once imported.

    ``encoding`` is what the person said of its lists, "" where it is found out; ``told`` counts what was done.
    """

    __moves__: ClassVar[Moves] = IMPORT_MOVES
    __tablename__ = "roster_imports"
    __table_args__ = (Index("ix_roster_imports_latest", "tenant_id", "created_at"),)

    names: Mapped[str]
    encoding: Mapped[str] = mapped_column(default="")
    read: Mapped[dict[str, Any]]
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_by: Mapped[uuid.UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    done_at: Mapped[datetime | None]


class RosterFile(TenantOwned, Base):
    """One file of an import that waits."""

    __tablename__ = "roster_files"

    import_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("roster_imports.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str]
    content: Mapped[bytes]


class RosterColumn(TenantOwned, Base):
    """What the school said that a header means: a field of a pupil, "" for nothing."""

    __tablename__ = "roster_columns"
    __table_args__ = (UniqueConstraint("tenant_id", "header"),)

    header: Mapped[str]
    field: Mapped[str]


class RosterChange(TenantOwned, Base):
    """What an import did to one pupil: as he or she stood before (None: was not there) and after; ``outcome`` of an undo."""

    __tablename__ = "roster_changes"

    import_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("roster_imports.id", ondelete="CASCADE"), index=True
    )
    student_id: Mapped[uuid.UUID] = mapped_column(index=True)
    position: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]
    outcome: Mapped[str] = mapped_column(default="")
