"""Days as people write them, read and written: « 14/02/11 », « 14 février 2011 », « le 1er mars 2027 »."""

import re
from datetime import date, timedelta

from pfmp_saas.core.spellings import Unread, plain, quoted
from pfmp_saas.core.text import DAYS, fold

NBSP = "\N{NO-BREAK SPACE}"
PLAUSIBLE = (date(1950, 1, 1), date(2049, 12, 31))
"""Where the years written with two digits lie, births and placements alike: each can be but one."""
_DAYS = tuple(DAYS.values())
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_BY_NAME = {fold(name): rank for rank, name in enumerate(_MONTHS, 1)} | {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", re.ASCII)
_FIGURES = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{1,2})(?: ?[-/. ] ?(\d+))?", re.ASCII)
_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})(?: ?er)? ([a-z]+)\.?(?: (\d+))?", re.ASCII)
_WEEKDAY = re.compile(rf"(?:le )?({'|'.join(_DAYS)})?,? ?(.*)")
_YEARS = range(1900, 2200)


def day(text: str, between: tuple[date, date] = PLAUSIBLE) -> date:
    """Read a day: 14/02/2011, 14.02.11, 2011-02-14, « 14 février 2011 », « lundi 1er mars 2027 ». Raises Unread.

    A year of two digits is read where one century alone puts the day ``between`` the two given ones, included.
    """
    split = _WEEKDAY.fullmatch(fold(plain(text)))
    weekday, rest = split.groups() if split else (None, "")
    number, month, year = _parts(rest, text)
    found = _on(number, month, _year(year, month, number, between, text), text)
    if weekday and _DAYS[found.weekday()] != weekday:
        raise Unread(f"{quoted(text)} : ce jour-là est un {_DAYS[found.weekday()]}.")
    return found


def _parts(rest: str, text: str) -> tuple[int, int, str]:
    """Return the number of the day, that of the month, and the year as it is written."""
    iso = _ISO.fullmatch(rest)
    if iso:
        return int(iso[3]), int(iso[2]), iso[1]
    together = _TOGETHER.fullmatch(rest)
    figures = together or _FIGURES.fullmatch(rest)
    if figures:
        return int(figures[1]), int(figures[2]), figures[3] or ""
    named = _NAMED.fullmatch(rest)
    if named and named[2] in _BY_NAME:
        return int(named[1]), _BY_NAME[named[2]], named[3] or ""
    raise Unread(f"{quoted(text)} n’est pas une date : écrivez 12/01/2027.")


def _year(year: str, month: int, number: int, between: tuple[date, date], text: str) -> int:
    if not year:
        raise Unread(f"{quoted(text)} n’est pas une date entière, il manque l’année : écrivez 12/01/2027.")
    if len(year) == 4:
        return int(year)
    if len(year) != 2:
        raise Unread(f"{quoted(text)} n’est pas une date, l’année se lit mal : écrivez 12/01/2027.")
    first, last = between
    centuries = range(first.year // 100, last.year // 100 + 1)
    likely = [100 * each + int(year) for each in centuries]
    kept = [each for each in likely if (first.year, first.month, first.day) <= (each, month, number)]
    kept = [each for each in kept if (each, month, number) <= (last.year, last.month, last.day)]
    if len(kept) != 1:
        why = "peut être de deux siècles" if kept else "n’est d’aucune année possible ici"
        raise Unread(f"{quoted(text)} {why} : écrivez l’année en quatre chiffres, 12/01/2027.")
    return kept[0]


def _on(number: int, month: int, year: int, text: str) -> date:
    if year not in _YEARS:
        raise Unread(f"{quoted(text)} n’est pas une date de notre temps : écrivez 12/01/2027.")
    if month > 12 and number <= 12:
        raise Unread(f"{quoted(text)} n’est pas une date : le jour vient avant le mois, 12/01/2027.")
    try:
        return date(year, month, number)
    except ValueError:
        raise Unread(f"{quoted(text)} n’est pas une date du calendrier : écrivez 12/01/2027.") from None


def written(value: date) -> str:
    """Write « 12 mai 2026 », « 1er mars 2027 »; the number does not part from its month."""
    return f"{day_and_month(value)} {value.year}"


def between(first: date, last: date) -> str:
    """Write two days in few words, as « 11 janvier – 5 février 2027 »."""
    begins = day_and_month(first) if first.year == last.year else written(first)
    return f"{begins} – {written(last)}"


def span(first: date, last: date) -> str:
    """Write two days as « du 11 janvier 2027 au 5 février 2027 »."""
    return f"du {written(first)} au {written(last)}"


def day_and_month(value: date) -> str:
    """Write « 12 mai », « 1er mars »."""
    return f"{ordinal(value)}{NBSP}{_MONTHS[value.month - 1]}"


def ordinal(value: date) -> str:
    """Write the number of a day in its month: « 1er », « 2 »."""
    return "1er" if value.day == 1 else str(value.day)


def month(value: date) -> str:
    """Write the month of a day, as « mars 2027 »."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def with_weekday(value: date, *, year: bool = True) -> str:
    """Write « mardi 12 mai 2026 », or « mardi 12 mai »."""
    return f"{_DAYS[value.weekday()]} {written(value) if year else day_and_month(value)}"


def next_day(value: date) -> date:
    """Return the day after."""
    return value + timedelta(days=1)
