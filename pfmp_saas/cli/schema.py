"""``pfmp schema``: the JSON Schemas of FILE.json, of a type's document, of a school's type."""

import json
from collections.abc import Callable
from typing import Any

import click

from pfmp_saas.core.console import BadInput
from pfmp_saas.types.convention_schema import convention_schema
from pfmp_saas.types.revisions.file import revision_schema
from pfmp_saas.types.schema import type_schema

_SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "convention": convention_schema,
    "type": type_schema,
    "revision": revision_schema,
}


@click.command()
@click.argument("name", metavar="NOM")
def schema(name: str) -> None:
    """Écrit le schéma JSON d’un format (convention, type, revision)."""
    if name not in _SCHEMAS:
        raise BadInput(f"« {name[:40]} » : les schémas sont {', '.join(_SCHEMAS)}")
    click.echo(json.dumps(_SCHEMAS[name](), ensure_ascii=False, indent=2))
