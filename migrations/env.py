"""Run migrations as the owner, one process at a time, without blocking the service for long."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

from pfmp_saas.core.schema import metadata

LOCK_KEY = 0x50464D50  # "PFMP"
# Temporary objects are searched before all others by whoever forgets to say otherwise, and nothing here makes any. A
# database's own grants are in no dump and in no copy of a template: they are stated at each run.
NO_TEMPORARY = """
do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$
"""
LOCK_TIMEOUT = "5s"  # a migration that waits longer for a table gives up rather than stop every request


def _url() -> str:
    url = context.config.attributes.get("url") or os.environ.get("PFMP_OWNER_DATABASE_URL")
    if not url:
        raise SystemExit("la variable d’environnement PFMP_OWNER_DATABASE_URL manque")
    return str(url)


def run() -> None:
    engine = create_engine(_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": LOCK_KEY})
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(NO_TEMPORARY))
        connection.commit()
        context.configure(connection=connection, target_metadata=metadata(), compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": LOCK_KEY})
        connection.commit()


run()
