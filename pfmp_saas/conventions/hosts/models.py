"""A host's declarations of derogation to the works forbidden to minors (R4153-40 to -44)."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, TenantOwned
from pfmp_saas.core.years import anniversary

_YEARS = 3


class HostDeclaration(TenantOwned, Base):
    """A declaration that a host sent to the labour inspector: good for three years, for what it names and nothing else.

    ``place`` is its unit or workshop, "" for the whole establishment; ``courses`` and ``works`` are those declared,
    ``supervisor`` who supervises. ``checked_by`` is the account of the school that compared it with the paper.
    """

    __tablename__ = "host_declarations"

    host_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hosts.id", ondelete="CASCADE"), index=True)
    sent_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    courses: Mapped[list[str]] = mapped_column(JSONB(), default=list)
    works: Mapped[list[str]] = mapped_column(JSONB(), default=list)
    equipment: Mapped[str] = mapped_column(default="")
    supervisor: Mapped[str] = mapped_column(default="")
    checked_by: Mapped[uuid.UUID | None]
    checked_name: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def until(self) -> date:
        """Return the day on which the three years end."""
        return anniversary(self.sent_on, _YEARS)
