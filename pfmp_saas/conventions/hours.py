"""Hours as people type them: the usual week, and the days whose hours differ. A day ends at 24:00, never later."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from pfmp_saas.core import dates, spellings
from pfmp_saas.core.spellings import DAY, Unread, clock
from pfmp_saas.core.text import DAYS as FRENCH_DAYS

DAYS = tuple(FRENCH_DAYS)
DAY_NAMES = {day: name.capitalize() for day, name in FRENCH_DAYS.items()}
HALVES = (("am", "matin"), ("pm", "après-midi"), ("more", "troisième plage"))
_LINE = re.compile(
    r"(?P<day>(?:le )?(?:[^\W\d]+ )?\d+(?: ?[-/.] ?| | ?er )\w+\.?(?: ?[-/.] ?| )\d+)(?: ?: ?| |$)(?P<rest>.*)"
)
_OFF = "repos"
_TOO_EARLY = {
    "pm": "l’après-midi commence avant la fin du matin",
    "more": "la troisième plage commence avant la fin de la précédente",
}
_EXAMPLE = "écrivez « 12/01/2027 08:00-12:00 13:30-17:00 », ou « 13/01/2027 repos »."
MOST_DAYS = 200

Slot = list[str]
Stretch = tuple[int, int]


def read_week(form: Mapping[str, str]) -> tuple[dict[str, list[Slot]], dict[str, str]]:
    """Read the usual week; return it, and French messages by day and half for the hours that cannot be read.

    A range past midnight is the end of its day and the beginning of the next one's; Monday follows Sunday.
    """
    errors: dict[str, str] = {}
    typed = {day: _day_of_week(form, day, errors) for day in DAYS}
    nights = {
        later: split
        for day, later in zip(DAYS, (*DAYS[1:], DAYS[0]), strict=True)
        if (split := _after(typed[day]))
    }
    week = {}
    for day in DAYS:
        kept = [*nights.get(day, ()), *map(_until_midnight, typed[day])]
        try:
            week[day] = _slots(kept)
        except Unread as error:
            errors.setdefault(f"{day}.am", f"{DAY_NAMES[day]} : {error}")
    return week, errors


def _day_of_week(form: Mapping[str, str], day: str, errors: dict[str, str]) -> list[Stretch]:
    found = [(half, each) for half, _ in HALVES if (each := _half(form, day, half, errors))]
    for (_, before), (half, each) in pairwise(found):
        if each[0] < before[1]:
            errors[f"{day}.{half}"] = f"{DAY_NAMES[day]} : {_TOO_EARLY[half]}."
            return []
    return [each for _, each in found]


def _half(form: Mapping[str, str], day: str, half: str, errors: dict[str, str]) -> Stretch | None:
    ends = [form.get(f"{day}.{half}.{end}", "").strip() for end in ("start", "end")]
    if not any(ends):
        return None
    try:
        return _stretch(*ends)
    except Unread as error:
        errors[f"{day}.{half}"] = f"{DAY_NAMES[day]} : {error}"
        return None


def _stretch(start: str, end: str) -> Stretch:
    if not (start and end):
        raise Unread("donnez une heure de début et une heure de fin, 8h30 et 12h.")
    try:
        return spellings.stretch(start, end)
    except Unread as error:
        asked = "" if "précède" in str(error) else " ; donnez une heure de début et une heure de fin"
        raise Unread(f"{str(error).rstrip('.')}{asked}.") from None


def _after(typed: Iterable[Stretch]) -> list[Stretch]:
    """Return what falls after midnight, as hours of the next day."""
    return [(0, end - DAY) for _, end in typed if end > DAY]


def _until_midnight(stretch: Stretch) -> Stretch:
    return stretch[0], min(stretch[1], DAY)


def _slots(typed: Iterable[Stretch]) -> list[Slot]:
    """Return a day's ranges in order, each once. Raises Unread where two overlap."""
    ordered = sorted(set(typed))
    for first, second in pairwise(ordered):
        if second[0] < first[1]:
            shown = " et ".join(f"{clock(start)}-{clock(end)}" for start, end in (first, second))
            raise Unread(f"deux plages se chevauchent, {shown}.")
    return [[clock(start), clock(end)] for start, end in ordered]


def read_days(text: str) -> dict[str, list[Slot]]:
    """Read one day a line: « 12/01/2027 08:00-12:00 13:30-17:00 », or « 13/01/2027 repos ». Raises ValueError.

    Two lines of one day are one day with the ranges of both. A night is read where the next day has a line too: these
    hours replace the usual ones of the day, so whoever types must say what else is done then.
    """
    lines = [line.strip() for line in text.replace("\x00", "").splitlines() if line.strip()]
    if len(lines) > MOST_DAYS:
        raise Unread(f"{MOST_DAYS} jours au plus.")
    typed: dict[date, list[Stretch]] = {}
    for line in lines:
        day, found = _line(line)
        if day in typed and bool(typed[day]) != bool(found):
            raise Unread(
                f"« {line[:60]} » : ce jour est dit de repos sur une ligne et travaillé sur une autre."
            )
        typed.setdefault(day, []).extend(found)
    return {day.isoformat(): _dated(day, typed) for day in sorted(typed)}


def _dated(day: date, typed: Mapping[date, list[Stretch]]) -> list[Slot]:
    before, later = date.fromordinal(day.toordinal() - 1), dates.next_day(day)
    if _after(typed[day]) and later not in typed:
        raise Unread(
            f"{day:%d/%m/%Y} : la nuit finit le {later:%d/%m/%Y} ; donnez aussi la ligne de ce jour, avec ses autres "
            f"heures (« {later:%d/%m/%Y} repos » s’il n’en a pas)."
        )
    try:
        return _slots([*_after(typed.get(before, ())), *map(_until_midnight, typed[day])])
    except Unread as error:
        raise Unread(f"{day:%d/%m/%Y} : {error}") from None


def _line(line: str) -> tuple[date, list[Stretch]]:
    found = _LINE.fullmatch(spellings.plain(line))
    if found is None or not found["rest"]:
        raise Unread(f"« {line[:60]} » : {_EXAMPLE}")
    try:
        day = dates.day(found["day"])
    except Unread as error:
        raise Unread(f"« {line[:60]} » : {error}") from None
    rest = found["rest"].strip(" :;,.")
    if rest == _OFF:
        return day, []
    try:
        return day, spellings.ranges(rest)
    except Unread as error:
        told = f"{error} Ou {_EXAMPLE}" if "pas une plage" in str(error) else str(error)
        raise Unread(f"« {line[:60]} » : {told}") from None


def shown_days(days: Mapping[str, Any]) -> str:
    """Return the dated hours as :func:`read_days` reads them."""
    return "\n".join(
        f"{date.fromisoformat(day):%d/%m/%Y} {' '.join(f'{start}-{end}' for start, end in slots) or _OFF}"
        for day, slots in sorted(days.items())
    )


def shown_week(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the timetable as the form's inputs show it, by input name.

    A day that has more ranges than inputs shows its night with the day before: « 22:00 » to « 06:00 ».
    """
    week = {day: list((data.get("timetable") or {}).get(day) or ()) for day in DAYS}
    for day, later in zip(DAYS, (*DAYS[1:], DAYS[0]), strict=True):
        if len(week[later]) > len(HALVES) and week[day] and _one_night(week[day][-1], week[later][0]):
            week[day][-1] = [week[day][-1][0], week[later].pop(0)[1]]
    return {
        f"{day}.{half}.{end}": slot[index]
        for day in DAYS
        for (half, _), slot in zip(HALVES, week[day], strict=False)
        for index, end in enumerate(("start", "end"))
    }


def left_as_shown(week: Mapping[str, list[Slot]], data: Mapping[str, Any]) -> dict[str, list[Slot]]:
    """Return the ranges that the ``data`` have of the days which read as the form had shown them: all their ranges."""
    stored = data.get("timetable") or {}
    shown, _ = read_week(shown_week(data))
    return {day: stored[day] for day in DAYS if stored.get(day) and week.get(day) == shown.get(day)}


def minutes(week: Mapping[str, list[Slot]], day: str) -> int:
    """Return the minutes of a day of a week."""
    return sum(spellings.hour(end, ends=True) - spellings.hour(start) for start, end in week[day])


def _one_night(evening: Slot, morning: Slot) -> bool:
    late = evening[0] >= clock(spellings.NIGHT_FROM) and evening[1] == clock(DAY)
    return late and morning[0] == clock(0) and morning[1] <= clock(spellings.NIGHT_UNTIL)
