"""The JSON Schema of FILE.json with the types that there are."""

import copy
from typing import Any

from pfmp_saas.law.convention_file import schema
from pfmp_saas.types.loader import available


def convention_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of FILE.json; ``type`` is one of the catalogue's slugs."""
    whole = copy.deepcopy(schema())
    slugs = available()
    title = f"un type de convention ({', '.join(slugs[:-1])} ou {slugs[-1]})"
    whole["properties"]["type"] = {"type": "string", "enum": list(slugs), "title": title}
    return whole
