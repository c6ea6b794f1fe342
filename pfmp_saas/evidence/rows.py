"""A row of the database in an event: one salted commitment for each of its columns. Pure.

The evidence keeps the salt and no value: the row itself holds that. Destroying the salt makes the commitments
unreadable, as for a person.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pfmp_saas.evidence.events import commit, utc_text

ROW = "row"
"""The name of the commitments to a row, in an event's payload, and of their salt."""
Values = Mapping[str, object]


def commitments(salt: bytes, values: Values) -> dict[str, str]:
    """Return the commitment to each column's value, in hexadecimal; the column's name is part of what is committed to."""
    return {name: commit(salt, column_text(name, values[name])) for name in sorted(values)}


def column_text(name: str, value: object) -> str:
    """Return the text that is committed to for one value: the same before it is stored and once it is read again.

    Raises TypeError for a type that no covered column has.
    """
    return json.dumps(
        [name, value], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def differing(salt: bytes | None, stated: Mapping[str, str], values: Values) -> list[str]:
    """Return the columns, among those that an event commits to, whose value is another; all of them without the salt."""
    return [
        name
        for name in stated
        if name in values and (salt is None or commit(salt, column_text(name, values[name])) != stated[name])
    ]


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"no commitment to a {type(value).__name__}")
