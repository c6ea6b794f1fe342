"""Conditions that a type's text may set on a paragraph: a closed list, ``{si mineur}`` or ``{sauf si mineur}``.

A condition that the data cannot tell yet holds both ways: nothing is left out for want of a date.
"""

import re
from collections.abc import Callable

from pfmp_saas.core.years import MAJORITY, age_on
from pfmp_saas.law.checks.durations import UNPAID
from pfmp_saas.law.reader import Reader
from pfmp_saas.types.errors import InvalidType

_PREFIX = re.compile(r"\{(sauf )?si ([^{}]*)\}\s*")


def split(text: str, where: str) -> tuple[str, str]:
    """Return the condition at the head of a paragraph (« mineur », « sauf mineur », "" without one) and what follows.

    Raises InvalidType for one that is not on the list.
    """
    match = _PREFIX.match(text)
    if not match:
        return "", text
    name = match[2].strip()
    if name not in CONDITIONS:
        known = ", ".join(CONDITIONS)
        raise InvalidType(f"{where} : condition inconnue « {name[:40]} » (possibles : {known})")
    return f"{match[1] or ''}{name}", text[match.end() :]


def holds(condition: str, data: Reader) -> bool:
    """Tell whether a paragraph under ``condition`` is printed."""
    if not condition:
        return True
    name = condition.removeprefix("sauf ")
    told = CONDITIONS[name](data)
    return told is None or told is (name == condition)


def _minor(data: Reader) -> bool | None:
    born, periods = data.day("student.birth_date"), data.presence.periods
    return age_on(born, min(periods).start) < MAJORITY if born and periods else None


def _adult(data: Reader) -> bool | None:
    minor = _minor(data)
    return None if minor is None else not minor


def _long(data: Reader) -> bool | None:
    minutes = data.presence.minutes
    return minutes > UNPAID if minutes else None


def _filled(path: str) -> Callable[[Reader], bool]:
    return lambda data: data.filled(path)


CONDITIONS: dict[str, Callable[[Reader], bool | None]] = {
    "mineur": _minor,
    "majeur": _adult,
    "étranger": _filled("abroad"),
    "plus de deux mois": _long,
    "travaux réglementés": _filled("works"),
    "gratification": lambda data: bool(data.decimal("finance.gratification.hourly")),
    "nuit": _filled("presence.night"),
    "dimanche": _filled("presence.sunday"),
    "jour férié": _filled("presence.holiday"),
}
