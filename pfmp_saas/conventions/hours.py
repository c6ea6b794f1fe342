"""Hours as people type them: the usual week, and the days whose hours differ."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pfmp_saas.core import reading
from pfmp_saas.core.text import DAYS as FRENCH_DAYS

DAYS = tuple(FRENCH_DAYS)
DAY_NAMES = {day: name.capitalize() for day, name in FRENCH_DAYS.items()}
HALVES = (("am", "matin"), ("pm", "après-midi"))
NIGHT_FROM, NIGHT_UNTIL = "18:00", "12:00"
"""A stretch that begins after the one and ends before the other crosses midnight; elsewhere it is a mistake."""
_TIME = re.compile(r"([01]?\d|2[0-3])[:hH]([0-5]\d)|24[:hH]00")
_SPAN = re.compile(r"(\d{1,2}[:hH]\d{2})\s*(?:-|–|à)\s*(\d{1,2}[:hH]\d{2})")
_OFF = "repos"
MOST_DAYS = 200

Slot = list[str]


def read_week(form: Mapping[str, str]) -> tuple[dict[str, list[Slot]], dict[str, str]]:
    """Read the usual week; return it, and French messages by day and half for the hours that cannot be read."""
    week: dict[str, list[Slot]] = {}
    errors: dict[str, str] = {}
    for day in DAYS:
        slots = [slot for half, _ in HALVES if (slot := _half(form, day, half, errors))]
        if len(slots) == 2 and slots[1][0] < slots[0][1]:
            errors[f"{day}.pm"] = f"{DAY_NAMES[day]} : l’après-midi commence avant la fin du matin."
        week[day] = slots
    return week, errors


def _half(form: Mapping[str, str], day: str, half: str, errors: dict[str, str]) -> Slot | None:
    ends = [form.get(f"{day}.{half}.{end}", "").strip() for end in ("start", "end")]
    if not any(ends):
        return None
    try:
        return _slot(*ends)
    except ValueError as error:
        errors[f"{day}.{half}"] = f"{DAY_NAMES[day]} : {error}"
        return None


def _slot(start: str, end: str) -> Slot:
    if not all(_TIME.fullmatch(text) for text in (start, end)):
        raise ValueError("donnez une heure de début et une heure de fin (08:00).")
    start, end = (text.lower().replace("h", ":").zfill(5) for text in (start, end))
    if end <= start and not (start >= NIGHT_FROM and end <= NIGHT_UNTIL):
        raise ValueError(f"la fin ({end}) précède le début ({start}).")
    return [start, end]


def read_days(text: str) -> dict[str, list[Slot]]:
    """Read one day a line: « 12/01/2027 08:00-12:00 13:30-17:00 », or « 13/01/2027 repos ». Raises ValueError."""
    lines = [line.strip() for line in text.replace("\x00", "").splitlines() if line.strip()]
    if len(lines) > MOST_DAYS:
        raise ValueError(f"{MOST_DAYS} jours au plus.")
    return dict(sorted(_day(line) for line in lines))


def _day(line: str) -> tuple[str, list[Slot]]:
    first, _, rest = line.partition(" ")
    day = reading.day(first.rstrip(" :"))
    rest = rest.strip(" :")
    spans = _SPAN.findall(rest)
    if (
        day is None
        or not (spans or rest.lower() == _OFF)
        or _SPAN.sub("", rest).strip(" ;,et") not in ("", _OFF)
    ):
        raise ValueError(
            f"« {line[:60]} » : écrivez « 12/01/2027 08:00-12:00 13:30-17:00 », ou « 13/01/2027 repos »."
        )
    try:
        return day, [_slot(start, end) for start, end in spans]
    except ValueError as error:
        raise ValueError(f"« {line[:60]} » : {error}") from None


def shown_days(days: Mapping[str, Any]) -> str:
    """Return the dated hours as :func:`read_days` reads them."""
    return "\n".join(
        f"{date.fromisoformat(day):%d/%m/%Y} {' '.join(f'{start}-{end}' for start, end in slots) or _OFF}"
        for day, slots in sorted(days.items())
    )


def shown_week(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the timetable as the form's inputs show it, by input name."""
    week = data.get("timetable") or {}
    return {
        f"{day}.{half}.{end}": slot[index]
        for day in DAYS
        for (half, _), slot in zip(HALVES, week.get(day) or [], strict=False)
        for index, end in enumerate(("start", "end"))
    }
