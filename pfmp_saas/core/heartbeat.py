"""The time of the last run of each recurring work; `/readyz` reads it, so that a silent stop alarms."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from pfmp_saas.core.database import Base


class Heartbeat(Base):
    """The last time, in UTC, at which a named recurring work ended well. Belongs to no tenant."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def beat(session: Session, name: str, now: datetime) -> None:
    """Record that ``name`` ran at ``now`` (UTC)."""
    statement = insert(Heartbeat).values(name=name, at=now)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def age(session: Session, name: str, now: datetime) -> timedelta | None:
    """Return how long ago ``name`` ran, or None if it never did."""
    row = session.get(Heartbeat, name)
    return now - row.at if row else None
