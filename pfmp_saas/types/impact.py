"""Which signers a change of a convention concerns: a table of the type, row by row, with a usual one for types without. Pure.

What no row names concerns everybody. Who is concerned signs again; the others are told (L124-1, D124-4).
"""

import json
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pfmp_saas.types.model import ConventionType, ImpactRow

_USUAL = Path(__file__).parent / "impact.json"
_OF_THE_DOCUMENT = frozenset({"type", "signers"})
"""What names no term of the convention: its type, and how the page names its signers."""
Data = Mapping[str, Any]


def rows_of(kind: ConventionType) -> tuple[ImpactRow, ...]:
    """Return the table of a type: its own rows, else the usual ones."""
    return kind.impact or _usual()


@lru_cache(maxsize=1)
def _usual() -> tuple[ImpactRow, ...]:
    return read_rows(json.loads(_USUAL.read_text(encoding="utf-8")))


def read_rows(rows: list[dict[str, Any]]) -> tuple[ImpactRow, ...]:
    """Return the rows of a table as data files write it."""
    return tuple(ImpactRow(row["label"], tuple(row["paths"]), tuple(row["concerns"])) for row in rows)


def impacts(
    kind: ConventionType, before: Data, after: Data, confirmed: Collection[str] = ()
) -> tuple[ImpactRow, ...]:
    """Return the rows that a change touches, in the table's order; ``confirmed`` are paths that concern nobody.

    What no row names comes last, as a row that concerns every signer of the type.
    """
    rows = rows_of(kind)
    changed = [path for path in differing(before, after) if path not in confirmed]
    touched = [_row_of(rows, path) for path in changed]
    everybody = ImpactRow("Autre chose", (), tuple(signer.name for signer in kind.signers))
    return (*(row for row in rows if row in touched), *([everybody] if None in touched else ()))


def concerned(rows: Collection[ImpactRow]) -> frozenset[str]:
    """Return the fields of the signers whom rows concern."""
    return frozenset(field for row in rows for field in row.concerns)


def differing(before: Data, after: Data) -> tuple[str, ...]:
    """Return the dotted paths whose values differ between two states of a convention's data; lists are whole, blanks equal."""
    return tuple(sorted(path for path in _differing(before, after, "") if path not in _OF_THE_DOCUMENT))


def _differing(before: Any, after: Any, path: str) -> Iterator[str]:
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old, new = (each if isinstance(each, Mapping) else {} for each in (before, after))
        for name in old.keys() | new.keys():
            yield from _differing(old.get(name), new.get(name), f"{path}.{name}" if path else str(name))
    elif (before or None) != (after or None):
        yield path


def _row_of(rows: tuple[ImpactRow, ...], path: str) -> ImpactRow | None:
    """Return the row that names a path most closely, None where no row does."""
    named = [(len(each), row) for row in rows for each in row.paths if f"{path}.".startswith(f"{each}.")]
    return max(named, key=lambda pair: pair[0])[1] if named else None
