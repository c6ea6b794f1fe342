"""The State allowance to pupils of the vocational path: attested days at the rate of the diploma's year.

Source: décret 2023-765. The rates are data (`rates`), dated by school year.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from pfmp_saas.core.text import fold
from pfmp_saas.law.money.amounts import Amount, euros, number
from pfmp_saas.law.money.rates import Mef, Ministry, Rate, rate_of

Level = Literal["seconde", "premiere", "terminale", "cap-1", "cap-2", "cap-1-an"]
_LABELS = {
    "seconde": "2de professionnelle",
    "premiere": "1re professionnelle",
    "terminale": "terminale professionnelle",
    "cap-1": "CAP, 1re année",
    "cap-2": "CAP, 2e année",
    "cap-1-an": "CAP en un an",
}
_BAC_PRO, _CAP, _CAP_1 = "247", "241", "240"
_AGRICULTURAL = {_BAC_PRO: "276", _CAP: "271"}
_KINDS: Mapping[Level, tuple[str, str]] = MappingProxyType(
    {
        "seconde": (_BAC_PRO, "1"),
        "premiere": (_BAC_PRO, "2"),
        "terminale": (_BAC_PRO, "3"),
        "cap-1": (_CAP, "1"),
        "cap-2": (_CAP, "2"),
        "cap-1-an": (_CAP_1, "1"),
    }
)
"""The course's kind (first three digits of its MEF) and year, where only the level is known."""
YEARS_BEFORE: dict[Level, int] = {
    "seconde": 0, "premiere": 1, "terminale": 2, "cap-1": 0, "cap-2": 1, "cap-1-an": 0
}  # fmt: skip
"""Teaching years of the cycle before the one of each level."""


@dataclass(frozen=True)
class Granted:
    """An allowance: its rate, and the euros that are due for the days, what was granted before taken off the cap."""

    rate: Rate
    earned: Decimal
    due: Decimal


def allowance(rate: Rate, days: Decimal, granted: Decimal = Decimal(0)) -> Granted:
    """Return the allowance of ``days`` attested, absences out; ``granted`` euros of the same course and year count."""
    earned = days * rate.day
    return Granted(rate, earned, min(earned, max(Decimal(0), rate.cap - granted)))


def course_of(level: Level, ministry: Ministry = "MENJ") -> Mef:
    """Return a course of that level, for its rate: no speciality has one of its own."""
    kind, year = _KINDS[level]
    kind = _AGRICULTURAL.get(kind, kind) if ministry == "MASA" else kind
    return Mef(f"{kind}000000{year}")


def state_allowance(
    level: Level, school_year: int, days: Decimal, *, ministry: Ministry = "MENJ", paid: Decimal = Decimal(0)
) -> Amount:
    """Return the allowance for ``days`` attested, absences out, and how it is reckoned.

    ``paid`` euros count towards the year's cap; the school year is named by its September. Raises UnknownRate.
    """
    found = allowance(rate_of(course_of(level, ministry), ministry, school_year), days, paid)
    return Amount(found.due, _how(level, school_year, days, paid, found))


def _how(level: Level, school_year: int, days: Decimal, paid: Decimal, found: Granted) -> str:
    rate = found.rate
    named = f"{_LABELS[level]}, {school_year}-{school_year + 1}"
    how = f"{named} : {number(days)} jours × {euros(rate.day)} = {euros(found.earned)}"
    if found.due < found.earned:
        how += f" ; plafond de {euros(rate.cap)} pour l’année" + (
            f", {euros(paid)} déjà comptés" if paid else ""
        )
    return how if rate.published else f"{how} (barème à confirmer)"


def guess_level(diploma: str, class_name: str) -> Level | None:
    """Guess the level from how schools name diplomas and classes (« 1MV2 », « TMV1 », « CAP1 »); None when unsure."""
    plain, year = fold(diploma), _year_of(fold(class_name))
    if re.search(r"\bcapa?\b|certificat d.aptitude", plain):
        by_year: dict[str, Level] = {"1": "cap-1", "2": "cap-2", "t": "cap-2"}
        return by_year.get(year)
    if re.search(r"\b(?:seconde|premiere|terminale) pro", plain):
        year = _year_of(plain)
    elif not re.search(r"\bbac", plain):
        return None
    by_class: dict[str, Level] = {"2": "seconde", "1": "premiere", "t": "terminale"}
    return by_class.get(year)


def _year_of(name: str) -> str:
    """Return the year's mark that opens a class's name, "1", "2" or "t"; another letter where there is none."""
    for said, mark in (("seconde", "2"), ("premiere", "1"), ("terminale", "t")):
        if said in name.split():
            return mark
    return re.sub(r"^\s*cap[\s-]*", "", name).strip()[:1]
