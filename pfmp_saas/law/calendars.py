"""Public holidays as the law lists them, territory by territory."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from pfmp_saas.law.territories import territory as find

_FIXED = {
    (1, 1): "jour de l’an",
    (5, 1): "fête du Travail",
    (5, 8): "victoire de 1945",
    (7, 14): "fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "armistice de 1918",
    (12, 25): "Noël",
}
_FROM_EASTER = {1: "lundi de Pâques", 39: "Ascension", 50: "lundi de Pentecôte"}


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian ``year`` (Meeus, Jones and Butcher's reckoning)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    corrected = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + corrected + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(
    year: int, territory: str, *, commune_good_friday: bool = False, abolition_day: str | None = None
) -> Mapping[date, str]:
    """Return the public holidays of ``year`` in ``territory`` (department or collectivity code), with French names.

    The eleven days of L3133-1; 26 December in 57, 67 and 68, and Good Friday there only when
    ``commune_good_friday`` says that the commune has a Protestant temple or a mixed church (L3134-13); the
    abolition day overseas (L3422-2), ``abolition_day`` ("MM-DD") choosing where the texts name several.
    Raises :class:`~pfmp_saas.law.territories.UnknownTerritory`.
    """
    place = find(territory)
    first = easter(year)
    days = {date(year, month, day): name for (month, day), name in _FIXED.items()}
    days |= {first + timedelta(days=after): name for after, name in _FROM_EASTER.items()}
    if place.alsace_moselle:
        days[date(year, 12, 26)] = "Saint-Étienne"
        if commune_good_friday:
            days[first - timedelta(days=2)] = "vendredi saint"
    for chosen in place.abolition[:1]:
        days[date.fromisoformat(f"{year:04d}-{abolition_day or chosen}")] = "abolition de l’esclavage"
    return MappingProxyType(dict(sorted(days.items())))
