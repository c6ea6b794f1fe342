"""``pfmp schema convention``: the JSON Schema of FILE.json."""

import json

import click

from pfmp_saas.cli.errors import BadInput
from pfmp_saas.conventions.shape import schema as convention_schema


@click.command()
@click.argument("name", metavar="NOM")
def schema(name: str) -> None:
    """Écrit le schéma JSON d’un format (convention)."""
    if name != "convention":
        raise BadInput(f"« {name[:40]} » : seul le schéma « convention » existe")
    click.echo(json.dumps(convention_schema(), ensure_ascii=False, indent=2))
