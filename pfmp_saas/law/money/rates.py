"""The State allowance's rates, by ministry, course (MEF) and school year: figures of `allowance-rates.csv`.

Source: décret 2023-765 and the yearly arrêtés, as published with the State's payment service.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Ministry = Literal["MENJ", "MASA", "MER"]
MINISTRIES: tuple[Ministry, ...] = get_args(Ministry)


class UnknownRate(LookupError):
    """No single rate is published for this course, ministry and school year; the message is French."""


@dataclass(frozen=True)
class Rate:
    """Euros a day and euros a school year at most; ``published`` is False where the year's figures are not known yet."""

    day: Decimal
    cap: Decimal
    published: bool = True


@dataclass(frozen=True)
class Mef:
    """A course's code: its kind (*dispositif*), its year, and its ten digits (an eleventh, where written, says nothing)."""

    code: str

    @property
    def kind(self) -> str:
        """Return the three digits of the course's kind: 247 for a bac pro."""
        return self.code[:3]

    @property
    def year(self) -> str:
        """Return the year of the course, as one digit."""
        return self.code[9]


@dataclass(frozen=True)
class _Line:
    year: int
    ministry: str
    kind: str
    course_year: str
    rate: Rate
    only: frozenset[str]

    def takes(self, mef: Mef) -> bool:
        return self.kind == mef.kind and self.course_year in {mef.year, "0"}


def read_mef(text: str) -> Mef:
    """Read a MEF code of ten or eleven digits. Raises ValueError in French."""
    plain = text.strip()
    if not re.fullmatch(r"[0-9]{10,11}", plain, re.ASCII):
        raise ValueError(f"« {plain[:20]} » n’est pas un code MEF (dix ou onze chiffres)")
    return Mef(plain[:10])


@cache
def _lines() -> tuple[_Line, ...]:
    path = Path(__file__).with_name("allowance-rates.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_line(row) for row in csv.DictReader(file))


def _line(row: dict[str, str]) -> _Line:
    return _Line(
        year=int(row["school_year"][:4]),
        ministry=row["ministry"],
        kind=row["mef_dispositif"],
        course_year=row["mefstat4"][-1],
        rate=Rate(Decimal(row["euros_per_day"]), Decimal(row["euros_cap_per_year"])),
        only=frozenset(row["only_these_mef"].split()),
    )


def known_years() -> range:
    """Return the school years whose figures are published, each named by its September."""
    years = {line.year for line in _lines()}
    return range(min(years), max(years) + 1)


def rate_of(mef: Mef, ministry: Ministry, school_year: int) -> Rate:
    """Return the rate of a course in a school year, named by its September; after the last known year, that year's.

    Raises UnknownRate where none is published, or where two are and nothing tells which.
    """
    known = known_years()
    if school_year < known[0]:
        raise UnknownRate(f"aucun barème avant {known[0]}-{known[0] + 1}")
    year = min(school_year, known[-1])
    rates = set(_narrowed(mef, [line for line in _lines() if (line.year, line.ministry) == (year, ministry)]))
    if not rates:
        raise UnknownRate(f"aucun barème pour le MEF {mef.code}, {ministry}, {year}-{year + 1}")
    if len(rates) > 1:
        raise UnknownRate(
            f"deux barèmes pour le MEF {mef.code}, {ministry}, {year}-{year + 1} : le code ne tranche pas"
        )
    (rate,) = rates
    return Rate(rate.day, rate.cap, published=school_year in known)


def _narrowed(mef: Mef, lines: list[_Line]) -> Iterator[Rate]:
    """Yield the rates of a course: those written for its very code if there are any, else those written for all."""
    found = [line for line in lines if line.takes(mef)]
    own = [line for line in found if mef.code in line.only]
    yield from (line.rate for line in own or found if own or not line.only)
