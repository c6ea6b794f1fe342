"""The State allowance to pupils of the vocational path: attested days at the rate of the diploma's year.

Sources: décret 2023-765, arrêté du 11 août 2023. Rates are data, dated by school year.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pfmp_saas.core.text import fold
from pfmp_saas.law.money.amounts import Amount, euros, number

Level = Literal["seconde", "premiere", "terminale", "cap-1", "cap-2", "cap-1-an"]
Ministry = Literal["education", "agriculture"]
_LABELS = {
    "seconde": "2de professionnelle",
    "premiere": "1re professionnelle",
    "terminale": "terminale professionnelle",
    "cap-1": "CAP, 1re année",
    "cap-2": "CAP, 2e année",
    "cap-1-an": "CAP en un an",
}


YEARS_BEFORE: dict[Level, int] = {
    "seconde": 0, "premiere": 1, "terminale": 2, "cap-1": 0, "cap-2": 1, "cap-1-an": 0
}  # fmt: skip
"""Teaching years of the cycle before the one of each level."""


class UnknownLevel(LookupError):
    """No rate is known for this level, ministry and school year."""


@dataclass(frozen=True)
class Rate:
    """Euros a day and euros a school year at most; ``confirmed`` is False where the school must check."""

    day: Decimal
    cap: Decimal
    confirmed: bool


@cache
def _data() -> dict[str, Any]:
    path = Path(__file__).with_name("allowance.json")
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def rate(level: Level, school_year: int, ministry: Ministry = "education") -> Rate:
    """Return the rate of a level in a school year, named by its September. Raises UnknownLevel."""
    found = [
        each
        for each in _data()["rates"]
        if (each["ministry"], each["level"]) == (ministry, level) and each["since"] <= school_year
    ]
    if not found:
        raise UnknownLevel(f"{level}, {school_year}-{school_year + 1}")
    latest = max(found, key=lambda each: int(each["since"]))
    confirmed = school_year <= _data()["known_until"] and not latest.get("to_confirm", False)
    return Rate(Decimal(latest["day"]), Decimal(latest["cap"]), confirmed)


def state_allowance(
    level: Level,
    school_year: int,
    days: Decimal,
    *,
    ministry: Ministry = "education",
    paid: Decimal = Decimal(0),
) -> Amount:
    """Return the allowance for ``days`` attested, absences out; ``paid`` euros count towards the year's cap.

    Raises UnknownLevel.
    """
    found = rate(level, school_year, ministry)
    earned, left = days * found.day, max(Decimal(0), found.cap - paid)
    total = min(earned, left)
    how = f"{_LABELS[level]}, {school_year}-{school_year + 1} : {number(days)} jours × {euros(found.day)} = {euros(earned)}"
    if total < earned:
        how += f" ; plafond de {euros(found.cap)} pour l’année" + (
            f", {euros(paid)} déjà comptés" if paid else ""
        )
    return Amount(total, how if found.confirmed else f"{how} (barème à confirmer)")


def guess_level(diploma: str, class_name: str) -> Level | None:
    """Guess the level from how schools name diplomas and classes (« 1MV2 », « TMV1 »); None when unsure."""
    plain = fold(diploma)
    first = class_name.strip()[:1].upper()
    if re.search(r"\bcap\b|certificat d.aptitude", plain):
        by_year: dict[str, Level] = {"1": "cap-1", "2": "cap-2", "T": "cap-2"}
        return by_year.get(first)
    if re.search(r"\bbac", plain):
        by_class: dict[str, Level] = {"2": "seconde", "1": "premiere", "T": "terminale"}
        return by_class.get(first)
    return None
