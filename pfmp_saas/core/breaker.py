"""Outside services that are down: one piece of work tries them at a time, not all; the others wait, untried.

A row of its own says that a service is down, since when, and when it is tried next; without a row it is up.
"""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from pfmp_saas.core.database import Base
from pfmp_saas.core.retries import LONGEST_TRY, SERVERS


class Breaker(Base):
    """An outside service that is down, in UTC: since when, how many tries found it so, when the next may begin.

    Belongs to no tenant.
    """

    __tablename__ = "breakers"

    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    retry_at: Mapped[datetime]


def room(session: Session, name: str, now: datetime, most: int) -> int:
    """Return how many pieces of work may try the service ``name`` now: ``most``, or one, or none when it is down."""
    row = session.get(Breaker, name, populate_existing=True)
    if row is None:
        return most
    return 1 if row.retry_at <= now else 0


def admits(session: Session, name: str, now: datetime) -> bool:
    """Say whether a try may begin; of those that come while the service is down, one at a time once its hour has come."""
    turn = update(Breaker).where(Breaker.name == name, Breaker.retry_at <= now).returning(Breaker.name)
    if session.scalar(turn.values(retry_at=now + LONGEST_TRY)) is not None:
        return True
    return session.get(Breaker, name, populate_existing=True) is None


def note_down(session: Session, name: str, now: datetime) -> datetime:
    """Note that a try found the service down; return when the next may begin: later each time."""
    first = insert(Breaker).values(name=name, failures=1, since=now, retry_at=now + SERVERS.wait(1))
    again = first.on_conflict_do_update(
        index_elements=["name"], set_={"failures": Breaker.failures + 1}
    ).returning(Breaker.failures)
    failures = session.execute(again).scalar_one()
    retry_at = now + SERVERS.wait(failures)
    session.execute(update(Breaker).where(Breaker.name == name).values(retry_at=retry_at))
    return retry_at


def note_up(session: Session, name: str) -> None:
    """Note that the service answers."""
    session.execute(delete(Breaker).where(Breaker.name == name))


def gauges(session: Session, name: str, now: datetime) -> dict[str, float]:
    """Return whether the service is up (1 or 0), as far as the last try knows, and for how many seconds it has not been."""
    row = session.get(Breaker, name)
    down = max(0.0, (now - row.since).total_seconds()) if row else 0.0
    return {f"{name}_server_up": float(row is None), f"{name}_server_down_seconds": down}
