"""Work that may fail: outbox events, due things, mails. Counted, tried less and less, given up in sight, tried again.

A try is counted and committed before it begins (:func:`begin`), with the instant of the next one, so that a process
killed in the middle counts as well. Then the row is done (:func:`finish`), or its error is kept (:func:`fail`,
:func:`wait`). What failed too often is FAILED: nothing takes it up until a person asks (:func:`try_again`).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Mapped, Session, mapped_column

from pfmp_saas.core.database import TenantOwned
from pfmp_saas.core.errors import DomainError, NotFound

LONGEST_TRY = timedelta(minutes=2)
"""A try that says nothing for so long is taken for dead: the limit of a job, and of a talk with a mail server."""
LONGEST_ERROR = 500
_UNFINISHED = "La tentative ne s’est pas terminée : le processus s’est arrêté."


class WorkState(StrEnum):
    """A piece of work waits, is done, is no longer wanted, or was given up."""

    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True)
class Pace:
    """How long to wait after the first failure, at most how long later, and how many failures give up."""

    first: timedelta
    longest: timedelta
    most: int = 14

    def wait(self, attempts: int) -> timedelta:
        """Return how long to wait after so many attempts: twice as long each time."""
        return min(self.first * (1 << min(max(attempts - 1, 0), 20)), self.longest)


WORK = Pace(timedelta(seconds=15), timedelta(hours=1))
"""Outbox events and due things: some six hours in all."""
MAILS = Pace(timedelta(minutes=2), timedelta(hours=6))
"""Two days in all: a mail server may ask for patience."""
SERVERS = Pace(timedelta(seconds=15), timedelta(minutes=5))
"""An outside service that is down, by whichever piece of work comes first."""


class Retried(TenantOwned):
    """The columns of work that may fail. ``next_try_at`` is empty for what was never tried."""

    state: Mapped[str] = mapped_column(default=WorkState.WAITING)
    next_try_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """How many tries began."""
    faults: Mapped[int] = mapped_column(default=0)
    """How many of them count towards giving up: the patience that an authority of timestamps asks for does not."""
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    @classmethod
    def to_try(cls, now: datetime) -> ColumnElement[bool]:
        """Return the condition that a row waits and may be tried at ``now`` (UTC)."""
        free = or_(cls.next_try_at.is_(None), cls.next_try_at <= now)
        return (cls.state == WorkState.WAITING) & free


Work = TypeVar("Work", bound=Retried)


def begin(row: Retried, now: datetime, pace: Pace) -> bool:
    """Count a try that begins at ``now``; give up, and return False, when the tries before it all failed.

    The caller holds the row under lock, and commits before the work: who dies in it leaves a trace.
    """
    if row.faults >= pace.most:
        _give_up(row, row.last_error or _UNFINISHED, now)
        return False
    row.attempts, row.faults = row.attempts + 1, row.faults + 1
    row.next_try_at = now + LONGEST_TRY
    return True


def finish(row: Retried, now: datetime) -> None:
    """Note that the work is done."""
    row.state, row.done_at, row.next_try_at, row.last_error = WorkState.DONE, now, None, None


def fail(row: Retried, error: Exception, now: datetime, pace: Pace) -> None:
    """Keep the error of a try and set the next one, later each time; give up after ``pace.most``."""
    if row.faults >= pace.most:
        fail_for_good(row, error, now, pace)
        return
    row.last_error, row.next_try_at = error_line(error), now + pace.wait(row.attempts)


def fail_for_good(row: Retried, error: Exception, now: datetime, _pace: Pace) -> None:
    """Keep the error and give up at once: another try would have the same answer."""
    _give_up(row, error_line(error), now)


def wait(row: Retried, error: Exception, now: datetime, pace: Pace) -> None:
    """Keep the error of a try that asks for patience: it is tried less and less, and never given up for it."""
    row.faults, row.last_error = 0, error_line(error)
    row.next_try_at = now + pace.wait(row.attempts)


def put_back(row: Retried, error: Exception, again: datetime) -> None:
    """Keep the error of a try that never reached the row's own matter: it counts towards nothing."""
    row.faults, row.last_error, row.next_try_at = max(0, row.faults - 1), error_line(error), again


def _give_up(row: Retried, why: str, now: datetime) -> None:
    row.state, row.failed_at, row.next_try_at, row.last_error = WorkState.FAILED, now, None, why


def error_line(error: BaseException) -> str:
    """Return an error in one line of at most 500 characters: its first, since a database adds values below it."""
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    first = next((line.strip() for line in str(cause).splitlines() if line.strip()), "")
    parts = [first] if isinstance(error, DomainError) else [type(cause).__name__, first]
    return ": ".join(part for part in parts if part)[:LONGEST_ERROR]


def claim(session: Session, model: type[Work], row_id: uuid.UUID, *also: ColumnElement[bool]) -> Work | None:
    """Return a row that still waits, locked and fresh; None when it is another's, done, cancelled or given up."""
    statement = select(model).where(model.id == row_id, model.state == WorkState.WAITING, *also)
    locked = statement.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(locked).one_or_none()


def waiting(session: Session, model: type[Work], row_id: uuid.UUID) -> Work | None:
    """Wait for the lock of a row and return it fresh; None when it no longer waits to be done."""
    row = session.get(model, row_id, with_for_update=True, populate_existing=True)
    return row if row and row.state == WorkState.WAITING else None


def failed(session: Session, model: type[Work], most: int) -> list[Work]:
    """Return the current tenant's failed rows of ``model``, the latest first."""
    statement = select(model).where(model.state == WorkState.FAILED)
    return list(session.scalars(statement.order_by(model.failed_at.desc(), model.id).limit(most)))


def count_failed(session: Session, model: type[Work]) -> int:
    """Return the number of the current tenant's failed rows of ``model``."""
    return session.scalar(select(func.count()).where(model.state == WorkState.FAILED)) or 0


def try_again(session: Session, model: type[Work], row_id: uuid.UUID | None = None) -> int:
    """Put failed rows, one or all, back to wait as if never tried; return how many."""
    conditions = [model.state == WorkState.FAILED] + ([model.id == row_id] if row_id else [])
    fresh = {"state": WorkState.WAITING, "attempts": 0, "faults": 0, "next_try_at": None, "failed_at": None}
    return len(session.scalars(update(model).where(*conditions).values(fresh).returning(model.id)).all())


def try_one_again(session: Session, model: type[Work], row_id: uuid.UUID) -> None:
    """Put one failed row back to wait. Raises NotFound."""
    if not try_again(session, model, row_id):
        raise NotFound
