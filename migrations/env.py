"""Run migrations as the owner, one process at a time, without blocking the service for long."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

from pfmp_saas.core.schema import metadata

LOCK_KEY = 0x50464D50  # "PFMP"
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
        connection.commit()
        context.configure(connection=connection, target_metadata=metadata(), compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": LOCK_KEY})
        connection.commit()


run()
