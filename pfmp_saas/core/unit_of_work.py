"""One owner of the transaction, around a request or a job. Use cases and queries never commit."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from pfmp_saas.core.database import db, enter_tenant

AfterCommit = Callable[[], None]


@contextmanager
def unit_of_work(tenant_id: uuid.UUID | None = None) -> Iterator[Session]:
    """Give a session scoped to ``tenant_id``; commit when the block ends well, roll back otherwise.

    What was asked with :func:`after_commit` runs once the rows are durable: a job enqueued earlier
    could start before its row exists.
    """
    session = db.session()
    _forget(session)
    try:
        enter_tenant(session, tenant_id)
        yield session
        finish(session)
    except BaseException:
        session.rollback()
        raise
    finally:
        _forget(session)
        session.close()


def after_commit(session: Session, action: AfterCommit) -> None:
    """Run ``action`` after the commit of this unit of work, and never if it is rolled back."""
    session.info.setdefault("after_commit", []).append(action)


def finish(session: Session) -> None:
    """Commit, then run what waited for the commit."""
    session.commit()
    for action in session.info.pop("after_commit", []):
        action()


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """A savepoint: what the block wrote is undone when it raises, and the rest of the work is kept."""
    with session.begin_nested():
        yield


def _forget(session: Session) -> None:
    session.info.pop("after_commit", None)
    session.info.pop("tenant", None)
