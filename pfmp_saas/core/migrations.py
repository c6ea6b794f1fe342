"""Bringing a database to the newest schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(owner_url: str) -> None:
    """Run the migrations that are missing; one process at a time, the others wait."""
    config = _config()
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")


@cache
def newest() -> str | None:
    """Return the revision of the schema that this code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(session: Session) -> bool:
    """Say whether the database has the schema that this code expects."""
    return session.scalars(text("select version_num from alembic_version")).one_or_none() == newest()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")  # a directory's name may hold a space
    config.set_main_option("prepend_sys_path", str(MIGRATIONS.parent))  # revisions import migrations.security
    return config
