"""Bringing a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(owner_url: str) -> None:
    """Run the migrations that are missing; one process at a time, the others wait."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")  # a directory's name may hold a space
    config.set_main_option("prepend_sys_path", str(MIGRATIONS.parent))  # revisions import migrations.security
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")
