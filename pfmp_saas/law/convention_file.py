"""FILE.json: the JSON Schema of a convention's data, whatever its type."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pfmp_saas.core.json_data import validate as validate_json

SCHEMA_FILE = Path(__file__).with_name("convention.schema.json")


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of FILE.json; which types there are is told by the types' catalogue."""
    loaded: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return loaded


def validate(data: object) -> None:
    """Check a convention's data against its schema. Raises InvalidData that names the first fault."""
    validate_json(data, schema())
