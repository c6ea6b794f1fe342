"""A school's revisions of a convention type."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base
from pfmp_saas.core.moves import Moving
from pfmp_saas.types.revisions.states import MOVES


class TypeRevision(Moving, Base):
    """One revision: ``content`` is :func:`pfmp_saas.types.revisions.file.dumped`, ``digest`` its SHA-256.

    The database refuses any change of content once it is adopted.
    """

    __moves__ = MOVES
    __tablename__ = "type_revisions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "id"),
        Index(
            "ix_type_in_force",
            "tenant_id",
            "base_slug",
            unique=True,
            postgresql_where=text("state = 'adopted'"),
        ),
    )

    number: Mapped[int]
    base_slug: Mapped[str]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    deliberation_on: Mapped[date | None]
    deliberation_number: Mapped[str] = mapped_column(default="")
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    adopted_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
