"""What `pfmp audit` judges and what it does not, column by column: the table of ``audited.json``.

A test walks the schema: each column of each table stands there once. Another edits each covered column by SQL, and its
check must find it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.amendments.audit import data_faults
from pfmp_saas.attestations.audit import figure_faults
from pfmp_saas.evidence.administration import role_faults
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.signing.audit import document_faults
from pfmp_saas.workflows.register import register_faults

Check = Callable[[Session, str, ReaderInput], Iterator[Fault]]
CHAINS = "chains"
"""The check that replays the evidence itself; the others hold rows to it."""
ROW_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "documents": document_faults,
        "data": lambda session, uai, _means: data_faults(session, uai),
        "figures": lambda session, uai, _means: figure_faults(session, uai),
        "roles": lambda session, uai, _means: role_faults(session, uai),
        "register": lambda session, uai, _means: register_faults(session, uai),
    }
)


@dataclass(frozen=True)
class Audited:
    """``covered`` gives the check of each column that is judged, ``not_covered`` why another is not; both in French by name.

    Columns are (table, column).
    """

    covered: Mapping[tuple[str, str], str]
    not_covered: Mapping[tuple[str, str], str]
    checks: Mapping[str, str]
    reasons: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return the table as JSON values: per table and column, the check or the reason in words."""
        told: dict[str, dict[str, dict[str, str]]] = {"covered": {}, "not_covered": {}}
        for key, columns, words in (
            ("covered", self.covered, self.checks),
            ("not_covered", self.not_covered, self.reasons),
        ):
            for (table, column), name in sorted(columns.items()):
                told[key].setdefault(table, {})[column] = words[name]
        return told

    def lines(self) -> Iterator[str]:
        """Yield the table as lines for people: what is judged by each check, then what is not, by reason."""
        for columns, words, head in (
            (self.covered, self.checks, "jugé"),
            (self.not_covered, self.reasons, "non jugé"),
        ):
            for name, french in words.items():
                yield f"{head} – {french}"
                for table in sorted({table for (table, _), why in columns.items() if why == name}):
                    mine = sorted(each for (of, each), why in columns.items() if (of, why) == (table, name))
                    yield f"  {table} : {', '.join(mine)}"


@lru_cache(maxsize=1)
def audited() -> Audited:
    """Read the table."""
    raw = json.loads(files("pfmp_saas.cli").joinpath("audited.json").read_text(encoding="utf-8"))
    return Audited(
        _columns(raw["tables"], "covered"),
        _columns(raw["tables"], "not_covered"),
        raw["checks"],
        raw["reasons"],
    )


def _columns(tables: Mapping[str, Any], key: str) -> dict[tuple[str, str], str]:
    return {
        (table, column): name
        for table, lists in tables.items()
        for name, columns in lists.get(key, {}).items()
        for column in columns.split()
    }
