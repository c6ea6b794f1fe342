"""What jobs run with: settings, a clock, and sessions scoped to one tenant."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from pfmp_saas.core.clock import Clock, utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import Settings
from pfmp_saas.types.loader import use_directory


@dataclass(frozen=True)
class Runtime:
    """The worker's composition."""

    settings: Settings
    clock: Clock
    sessions: sessionmaker[Session]


_RUNTIME: list[Runtime] = []


def configure(settings: Settings, clock: Clock = utc_now) -> Runtime:
    """Set what the jobs of this process run with."""
    use_directory(settings.types_directory)
    metadata()
    engine = create_engine(settings.database_url, pool_pre_ping=True)
    runtime = Runtime(settings, clock, sessionmaker(engine, expire_on_commit=False))
    _RUNTIME[:] = [runtime]
    return runtime


def runtime() -> Runtime:
    """Return what :func:`configure` set. Raises LookupError in a process that nobody configured."""
    if not _RUNTIME:
        raise LookupError("jobs.runtime.configure was not called")
    return _RUNTIME[0]


@contextmanager
def work(tenant_id: uuid.UUID | None) -> Iterator[Session]:
    """Give a session of one tenant; commit when the block ends well, roll back otherwise."""
    with runtime().sessions() as session, session.begin():
        enter_tenant(session, tenant_id)
        yield session
