"""`pfmp migrate`: bring the database to the newest schema, as its owner."""

import os

import click

from pfmp_saas.core.console import BadInput
from pfmp_saas.core.migrations import upgrade


@click.command()
def migrate() -> None:
    """Mettre la base à jour (PFMP_OWNER_DATABASE_URL)."""
    upgrade(owner_url())


def owner_url() -> str:
    """Return the database's address as its owner; raises BadInput where it is not set."""
    url = os.environ.get("PFMP_OWNER_DATABASE_URL", "").strip()
    if not url:
        raise BadInput("la variable d’environnement PFMP_OWNER_DATABASE_URL manque")
    return url
