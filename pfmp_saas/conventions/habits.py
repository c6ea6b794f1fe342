"""What a member of a school keeps of the board: filters by name, and when it was last looked at."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pfmp_saas.conventions.errors import FullOfFilters
from pfmp_saas.conventions.models import BoardHabit
from pfmp_saas.core.database import current_tenant

VISIT = timedelta(minutes=30)
"""Away for so long, one comes back to another visit."""
_STEP = timedelta(minutes=5)
MOST = 12
"""Filters that one member keeps."""


def of(session: Session, account_id: uuid.UUID) -> BoardHabit | None:
    """Return a member's habit, None before the first visit."""
    return session.scalars(select(BoardHabit).where(BoardHabit.account_id == account_id)).one_or_none()


def visit(session: Session, account_id: uuid.UUID, now: datetime) -> BoardHabit:
    """Note that a member looks at the board; ``since`` of the result is when the visit before ended, None for the first."""
    row = of(session, account_id) or _first(session, account_id)
    if row.visited_at is None or now - row.visited_at > _STEP:
        if row.visited_at is not None and now - row.visited_at > VISIT:
            row.since = row.visited_at
        row.visited_at = now
    return row


def _first(session: Session, account_id: uuid.UUID) -> BoardHabit:
    values = {
        "id": uuid.uuid4(),
        "tenant_id": current_tenant(session),
        "account_id": account_id,
        "filters": [],
    }
    session.execute(insert(BoardHabit).values(values).on_conflict_do_nothing())  # two first pages at once
    row = of(session, account_id)
    assert row is not None  # it has just been inserted, by this page or the other
    return row


def keep(session: Session, account_id: uuid.UUID, name: str, asked: Mapping[str, str], now: datetime) -> None:
    """Keep a filter under a name; the same name takes the place of the former. Raises FullOfFilters."""
    row = visit(session, account_id, now)
    others = [each for each in row.filters if each["name"] != name]
    if len(others) >= MOST:
        raise FullOfFilters
    row.filters = [*others, {"name": name, "asked": dict(asked)}]
    session.flush()


def drop(session: Session, account_id: uuid.UUID, name: str) -> None:
    """Forget a filter; one that is not there is forgotten already."""
    row = of(session, account_id)
    if row is not None:
        row.filters = [each for each in row.filters if each["name"] != name]
        session.flush()
