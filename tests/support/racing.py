"""Two transactions at once on a real database, in an order that a test decides: no pause, PostgreSQL says who waits."""

import threading
import uuid
from collections.abc import Callable

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.unit_of_work import UnitOfWork
from tests.support.waiting import until

Act = Callable[[Session], object]
LONGEST = 60


class Side(threading.Thread):
    """Somebody who acts in a transaction: it says when it has acted, and commits when told.

    ``outcome`` is "done", or the class of the error: a refusal of the domain, or what the database refused (a deadlock…).
    """

    def __init__(self, sessions: Callable[[], Session], tenant: uuid.UUID, act: Act) -> None:
        super().__init__(daemon=True)
        self.sessions, self.tenant, self.act = sessions, tenant, act
        self.acted, self.go = threading.Event(), threading.Event()
        self.outcome, self.pid = "", 0
        self.start()

    def run(self) -> None:
        """Act, wait to be told, commit."""
        try:
            with UnitOfWork(self.sessions, self.tenant) as session:
                self.pid = session.scalar(text("select pg_backend_pid()")) or 0
                self.act(session)
                self.acted.set()
                assert self.go.wait(LONGEST)
            self.outcome = "done"
        except DomainError as error:
            self.outcome = type(error).__name__
        except DBAPIError as error:
            self.outcome = f"{type(error).__name__}: {error}"
        finally:
            self.acted.set()

    def waits(self, engine: Engine) -> bool:
        """Tell whether it waits for another transaction's lock."""
        with engine.connect() as connection:
            pids = text("select cardinality(pg_blocking_pids(:pid))")
            return bool(connection.scalar(pids, {"pid": self.pid}))

    def ended(self) -> str:
        """Let it commit and return its outcome."""
        self.go.set()
        self.join(LONGEST)
        return self.outcome


def race(
    engine: Engine, sessions: Callable[[], Session], tenant: uuid.UUID, first: Act, second: Act
) -> tuple[str, str]:
    """Let ``first`` act and hold its transaction open until ``second`` waits for it, or has acted too."""
    one = Side(sessions, tenant, first)
    assert one.acted.wait(LONGEST)
    two = Side(sessions, tenant, second)
    until(lambda: two.acted.is_set() or two.waits(engine))
    two.go.set()
    return one.ended(), two.ended()
