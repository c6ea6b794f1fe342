"""Hours, ranges and numbers as people write them: ``8h30``, ``0800``, ``de 8 h à 12 h 15``, ``1 234,5``; days are in dates.py.

Every reader returns the value, or raises Unread, whose message says in French what is wrong and gives an example.
"""

import re
from decimal import Decimal

NOON, DAY = 12 * 60, 24 * 60  # minutes
NIGHT_FROM, NIGHT_UNTIL = 18 * 60, 12 * 60
"""A range that begins after the one and ends before the other passes midnight; elsewhere it is a mistake."""
_LONGEST = 40
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2007\u2009\ufeff]+")
_DASH = re.compile("[‐‑‒–—−]")
_NAMED = {"midi": NOON, "minuit": 0}
_MARK = r"(?:heures?|h|:|\.)"
_WRITTEN = re.compile(
    rf"(?P<hour>\d{{1,2}}) ?{_MARK} ?(?P<minute>\d{{1,2}})? ?(?:min|mn)?(?::00)?"
    r"|(?P<alone>\d{1,2})|(?P<parted>\d{1,2} \d{2})|(?P<together>\d{3,4})",
    re.ASCII,
)
_SPACED = rf"\d{{1,2}} ?{_MARK}(?: \d{{2}}"
_START = rf"midi|minuit|\d{{1,2}} ?{_MARK}\d{{1,2}}|{_SPACED})?|\d{{1,4}}"
_END = rf"midi|minuit|\d{{1,2}} ?{_MARK}\d{{1,2}}|{_SPACED}(?! ?(?:h|:|\.|-|à|a |\d)))?|\d{{1,4}}"
_RANGE = re.compile(rf"(?:de )?(?P<start>{_START}) ?(?:-|à|a|jusqu'à) ?(?P<end>{_END})(?![\dh:.])", re.ASCII)
_BETWEEN = re.compile(r"(?:[,;+ ]|et|puis)*")
_NUMBER = re.compile(r"(?P<whole>\d{1,3}(?: \d{3})+|\d+)(?:[.,](?P<part>\d+))?", re.ASCII)
_HOURS = re.compile(r"(?P<hours>\d{1,4}) ?h(?: ?(?P<minutes>[0-5]\d))?", re.ASCII)


class Unread(ValueError):
    """What is typed cannot be read; the message is for the person, in French."""


def plain(text: str) -> str:
    """Return ``text`` in lower case with single blanks and one kind of apostrophe and dash, as the readers compare it."""
    lowered = _DASH.sub("-", text.lower().replace("’", "'"))
    return _BLANKS.sub(" ", lowered).strip()


def quoted(text: str) -> str:
    """Return what was typed between quotation marks, shortened."""
    one_line = _BLANKS.sub(" ", text).strip()
    return f"« {one_line[:_LONGEST]}{'…' if len(one_line) > _LONGEST else ''} »"


def hour(text: str, *, ends: bool = False) -> int:
    """Read an hour of the day, in minutes after midnight. Raises Unread.

    « 24:00 », the end of a day, is read only where the hour ``ends`` something; « minuit » is then 24:00.
    """
    minute = _minute(plain(text), text)
    if minute == DAY and not ends:
        raise Unread(
            f"{quoted(text)} finit une journée et n’en commence pas une : écrivez 0h00 sur le jour suivant."
        )
    return DAY if ends and plain(text) == "minuit" else minute


def _minute(clean: str, text: str) -> int:
    if clean in _NAMED:
        return _NAMED[clean]
    found = _WRITTEN.fullmatch(clean)
    if found is None:
        raise Unread(f"{quoted(text)} n’est pas une heure : écrivez 8h30.")
    hours, minutes = _parts(found, text)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise Unread(f"{quoted(text)} n’est pas une heure de la journée : écrivez 8h30.")
    return hours * 60 + minutes


def _parts(found: re.Match[str], text: str) -> tuple[int, int]:
    if found["alone"]:
        return int(found["alone"]), 0
    digits = (found["together"] or found["parted"] or "").replace(" ", "")
    if digits:
        return int(digits[:-2]), int(digits[-2:])
    written = found["minute"] or "00"
    if len(written) == 1:
        raise Unread(f"{quoted(text)} se lit de deux façons : écrivez 8h05 ou 8h50.")
    return int(found["hour"]), int(written)


def stretch(start: str, end: str) -> tuple[int, int]:
    """Read a range from its two hours; return minutes after midnight, the end past 1440 where it falls the next day.

    Raises Unread for an end before its start, save at night: « 22h à 6h » ends the next day.
    """
    first, last = hour(start), hour(end, ends=True)
    if last == 0:
        last = DAY
    if last > first:
        return first, last
    if last == first or first < NIGHT_FROM or last > NIGHT_UNTIL:
        raise Unread(f"la fin ({clock(last)}) précède le début ({clock(first)}) ; écrivez 8h30-12h.")
    return first, last + DAY


def one_range(text: str) -> tuple[int, int]:
    """Read one range: « 8h-12h », « 8h30 – 12h15 », « de 8h à 12h »; return it as :func:`stretch` does."""
    found = ranges(text)
    if len(found) != 1:
        raise Unread(f"{quoted(text)} contient {len(found)} plages : écrivez-en une seule, 8h30-12h.")
    return found[0]


def ranges(text: str) -> list[tuple[int, int]]:
    """Read the ranges of a line, in the order in which they are written. Raises Unread for what is no range."""
    clean, place, found = plain(text), 0, []
    while place < len(clean):
        match = _RANGE.match(clean, place)
        if match is None:
            raise Unread(f"{quoted(text)} n’est pas une plage d’heures : écrivez 8h30-12h 13h30-17h.")
        found.append(stretch(match["start"], match["end"]))
        between = _BETWEEN.match(clean, match.end())
        place = between.end() if between else match.end()
    if not found:
        raise Unread("aucune plage d’heures n’est donnée : écrivez 8h30-12h 13h30-17h.")
    return found


def clock(minute: int) -> str:
    """Write minutes after midnight as 08:30, the end of the day as 24:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def number(text: str, example: str = "1 234,5", units: str = "") -> Decimal:
    """Read a number with a comma or a point, thousands parted by blanks; a unit among ``units`` may follow. Raises Unread."""
    clean = plain(text)
    for unit in sorted(units.split(), key=len, reverse=True):
        if clean.endswith(unit):
            clean = clean.removesuffix(unit).rstrip()
            break
    found = _NUMBER.fullmatch(clean)
    if found is None:
        raise Unread(f"{quoted(text)} n’est pas un nombre : écrivez {example}.")
    part = found["part"] or ""
    if len(part) > 2:
        raise Unread(
            f"{quoted(text)} a plus de deux décimales, ou un point pour les milliers : écrivez {example}."
        )
    return Decimal(f"{found['whole'].replace(' ', '')}.{part or 0}")


def euros(text: str) -> Decimal:
    """Read an amount: « 12,50 € », « 1 234,5 », « 600 euros ». Raises Unread."""
    return number(text, "12,50 €", "€ eur euro euros")


def hours_of_work(text: str) -> Decimal:
    """Read a number of hours: « 35 », « 35 h », « 32 h 30 », « 32,5 ». Raises Unread."""
    found = _HOURS.fullmatch(plain(text).replace("heures", "h").replace("heure", "h"))
    if found:
        return Decimal(found["hours"]) + Decimal(found["minutes"] or 0) / 60
    return number(text, "35 h ou 32,5")
