"""`pfmp migrate`: bring the database to the newest schema, as its owner."""

import os

import click

from pfmp_saas.core.console import BadInput
from pfmp_saas.core.migrations import upgrade


@click.command()
def migrate() -> None:
    """Mettre la base à jour (PFMP_OWNER_DATABASE_URL)."""
    url = os.environ.get("PFMP_OWNER_DATABASE_URL")
    if not url:
        raise BadInput("la variable d’environnement PFMP_OWNER_DATABASE_URL manque")
    upgrade(url)
