"""`pfmp migrate`: bring the database to the newest schema, as its owner."""

import os
from pathlib import Path

import click
from alembic import command
from alembic.config import Config

from pfmp_saas.cli.errors import BadInput

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(owner_url: str) -> None:
    """Run the migrations that are missing; one process at a time, the others wait."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")  # a directory's name may hold a space
    config.set_main_option("prepend_sys_path", str(MIGRATIONS.parent))  # revisions import migrations.security
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")


@click.command()
def migrate() -> None:
    """Mettre la base à jour (PFMP_OWNER_DATABASE_URL)."""
    url = os.environ.get("PFMP_OWNER_DATABASE_URL")
    if not url:
        raise BadInput("la variable d’environnement PFMP_OWNER_DATABASE_URL manque")
    upgrade(url)
