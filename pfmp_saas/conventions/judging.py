"""What the law and the school's type say of a draft, the other conventions considered."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.conventions import caps, own_fields
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.law import checks
from pfmp_saas.law.checks import Finding
from pfmp_saas.law.facts import parse
from pfmp_saas.law.repair import HOURS, Repair, repair
from pfmp_saas.types.revisions.use_cases import type_of

Json = dict[str, Any]
_RANK = re.compile(r"\[\d+\]")


def findings(session: Session, convention: Convention) -> tuple[Finding, ...]:
    """Return the findings of the law and of the school's own type, the other conventions considered."""
    kind = type_of(session, convention)
    facts = caps.known(session, convention, parse(convention.data))
    legal = checks.run(facts, profile=kind.profile, blocking=kind.blocking)
    return legal + own_fields.absent(kind, convention.data)


def blocking(session: Session, row: Convention) -> list[Json]:
    """Return what keeps a draft from leaving, as lists show it: code, place in the data without ranks, message."""
    try:
        found = findings(session, row)
    except InvalidData as error:
        return [{"code": "unreadable", "where": "", "message": str(error)}]
    stops = [each for each in found if each.severity == "block"]
    return [{"code": e.code, "where": _RANK.sub("", e.where), "message": e.message} for e in stops]


def mended(session: Session, convention: Convention, found: Iterable[Finding]) -> Repair | str | None:
    """Return the nearest lawful timetable where ``found`` has a fault of hours, why there is none, or None without such a fault."""
    if not any(each.code in HOURS for each in found):
        return None
    return repair(parse(convention.data), profile=type_of(session, convention).profile)
