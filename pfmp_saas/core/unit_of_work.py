"""One owner of the transaction: the same class around a request, a job, a command and the checkpoint process.

Read this first. A piece of work enters a tenant, does what it does through use cases and queries, which never commit,
and ends here: committed if it ended well, rolled back otherwise.

- Entering: :meth:`UnitOfWork.enter` names the tenant; PostgreSQL then shows that tenant's rows and no others, in this
  transaction and in the next ones of the same unit (`core.database`). Without a tenant, a query returns nothing.
- Locking: a row that is to be moved is locked and read afresh (`core.moves`); the lock lasts until the end.
- Commit, roll back: all of a unit's rows, or none. :func:`attempt` is a savepoint for a part that may be refused.
- What waits for the commit: nothing runs after it here. What must follow is an event (`core.events.emit`): a row of
  this very transaction, that the worker handles once it is durable. A job can't start before its row exists, and a
  process that dies between the commit and the next step loses nothing.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from pfmp_saas.core.database import enter_tenant


class UnitOfWork:
    """One transaction of one tenant (or of none), on a session of its own.

    As a context manager it gives the session, commits when the block ends well, rolls back otherwise, and closes.
    A web request, whose beginning and end are two functions, calls the same methods.
    """

    def __init__(self, sessions: Callable[[], Session], tenant_id: uuid.UUID | None = None) -> None:
        """Open the unit on a session of ``sessions``, for ``tenant_id`` if it is known already."""
        self.session = sessions()
        self.session.info.clear()
        self.enter(tenant_id)

    def enter(self, tenant_id: uuid.UUID | None) -> None:
        """Let the unit see one tenant's rows from here on; None sees none."""
        enter_tenant(self.session, tenant_id)

    def commit(self) -> None:
        """Make all that the unit wrote durable."""
        self.session.commit()

    def roll_back(self) -> None:
        """Undo all that the unit wrote; its locks are released."""
        self.session.rollback()

    def close(self) -> None:
        """Close the session; writes that were not committed are rolled back."""
        self.session.close()
        self.session.info.clear()

    def __enter__(self) -> Session:
        """Return the session."""
        return self.session

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Commit or roll back, and close whatever happens."""
        try:
            if kind is None:
                self.commit()
            else:
                self.roll_back()
        finally:
            self.close()


@contextmanager
def unit_on(url: str, tenant_id: uuid.UUID | None = None) -> Iterator[Session]:
    """Open one unit of work on a database connected for it alone, as commands do."""
    engine = create_engine(url, hide_parameters=True)
    try:
        with UnitOfWork(sessionmaker(engine, expire_on_commit=False), tenant_id) as session:
            yield session
    finally:
        engine.dispose()


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """Open a savepoint: an exception undoes the writes of the block, and the rest of the work stays."""
    with session.begin_nested():
        yield
