"""A database restored to an older state, beside a memory that has seen more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from pfmp_saas.core.database import sessions
from pfmp_saas.demo.services import Postgres
from tests.support.databases import database_name
from tests.support.logged_school import LoggedSchool


@contextmanager
def older(
    around: LoggedSchool, postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LoggedSchool]:
    """Copy a logged school's database, let the school go on, then give it its copy back."""
    around.newest()
    source, name = database_name(database), f"{database_name(database)}_older"
    for opened in (around.process.sessions, around.sessions):
        opened.kw["bind"].dispose()
    with postgres.admin("postgres") as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [source]
        )
    postgres.create_database(name, template=source)
    around.signed()
    around.newest()
    around.process.settings = replace(around.process.settings, database_url=postgres.checkpoint_url(name))
    around.process.sessions = sessions(around.process.settings.database_url)
    around.sessions, around.database = sessions(postgres.app_url(name)), name
    monkeypatch.setenv("PFMP_DATABASE_URL", postgres.app_url(name))
    yield around
    for opened in (around.process.sessions, around.sessions):
        opened.kw["bind"].dispose()
    postgres.drop_database(name)
