"""The composition of jobs: settings, a clock, and sessions scoped to one tenant."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from pfmp_saas.core.clock import Clock, utc_now
from pfmp_saas.core.database import sessions
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import Settings
from pfmp_saas.core.unit_of_work import UnitOfWork
from pfmp_saas.types.loader import use_directory
from pfmp_saas.workflows import flow


@dataclass(frozen=True)
class Runtime:
    """The worker's composition."""

    settings: Settings
    clock: Clock
    sessions: sessionmaker[Session]


_RUNTIME: list[Runtime] = []


def configure(settings: Settings, clock: Clock = utc_now) -> Runtime:
    """Set the composition with which the jobs of this process run."""
    use_directory(settings.types_directory)
    metadata()
    flow.install()
    runtime = Runtime(settings, clock, sessions(settings.database_url))
    _RUNTIME[:] = [runtime]
    return runtime


def runtime() -> Runtime:
    """Return the composition that :func:`configure` set. Raises LookupError in a process that nobody configured."""
    if not _RUNTIME:
        raise LookupError("jobs.runtime.configure was not called")
    return _RUNTIME[0]


def work(tenant_id: uuid.UUID | None) -> UnitOfWork:
    """Open a unit of work of one tenant, or of none."""
    return UnitOfWork(runtime().sessions, tenant_id)
