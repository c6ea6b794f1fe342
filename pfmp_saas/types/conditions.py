"""Conditions that a type's text may set on a paragraph: a closed list, ``{si mineur}`` or ``{sauf si mineur}``.

A condition that the data cannot tell yet holds both ways: nothing is left out for want of a date.
"""

import re
from collections.abc import Callable

from pfmp_saas.types import presence
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.view import View

_PREFIX = re.compile(r"\{(sauf )?si ([^{}]*)\}\s*")
_TWO_MONTHS = 44 * presence.DAY_MINUTES  # D124-6: a month is twenty-two days of seven hours


def split(text: str, where: str) -> tuple[str, str]:
    """Condition at the head of a paragraph (« mineur », « sauf mineur », "" without one) and what follows.

    :class:`InvalidType` for one that is not on the list.
    """
    match = _PREFIX.match(text)
    if not match:
        return "", text
    name = match[2].strip()
    if name not in CONDITIONS:
        known = ", ".join(CONDITIONS)
        raise InvalidType(f"{where} : condition inconnue « {name[:40]} » (possibles : {known})")
    return f"{match[1] or ''}{name}", text[match.end() :]


def holds(condition: str, view: View) -> bool:
    """Whether a paragraph under ``condition`` is printed."""
    if not condition:
        return True
    name = condition.removeprefix("sauf ")
    told = CONDITIONS[name](view)
    return told is None or told is (name == condition)


def _minor(view: View) -> bool | None:
    born, periods = view.day("student.birth_date"), presence.periods(view)
    if born is None or not periods:
        return None
    first = min(start for start, _ in periods)
    return first.year - born.year - ((first.month, first.day) < (born.month, born.day)) < 18


def _adult(view: View) -> bool | None:
    minor = _minor(view)
    return None if minor is None else not minor


def _long(view: View) -> bool | None:
    minutes = presence.total_minutes(view, view.days_off)
    return minutes > _TWO_MONTHS if minutes else None


def _filled(path: str) -> Callable[[View], bool]:
    return lambda view: bool(view.get(path))


CONDITIONS: dict[str, Callable[[View], bool | None]] = {
    "mineur": _minor,
    "majeur": _adult,
    "étranger": _filled("abroad"),
    "plus de deux mois": _long,
    "travaux réglementés": _filled("works"),
    "gratification": _filled("finance.gratification.hourly"),
    "nuit": _filled("presence.night"),
    "dimanche": _filled("presence.sunday"),
    "jour férié": _filled("presence.holiday"),
}
