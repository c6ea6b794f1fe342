"""Periods, days and hours of presence as printed: a plain count, judged elsewhere."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.law.calendars import public_holidays
from pfmp_saas.law.territories import CODES
from pfmp_saas.types.view import View, clean, parse_day

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MINUTES = 7 * 60  # D124-6: seven hours of presence, consecutive or not, are one day
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Slot:
    """A stretch of presence, in minutes after local midnight; ``end`` may pass 1440 (night work)."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        """Length, in minutes."""
        return self.end - self.start


def periods(view: View) -> tuple[tuple[date, date], ...]:
    """First and last day of each period; a period without both dates is left out."""
    return tuple(_period(item, f"periods[{rank}]") for rank, item in enumerate(view.items("periods")))


def _period(item: object, path: str) -> tuple[date, date]:
    if not isinstance(item, dict):
        raise InvalidData(path, "un objet est attendu")
    start, end = (parse_day(item.get(key), f"{path}.{key}") for key in ("start", "end"))
    if end < start:
        raise InvalidData(path, "la période finit avant de commencer")
    if end - start > LONGEST:
        raise InvalidData(path, "période de plus de trois ans")
    return start, end


def holidays(view: View) -> frozenset[date]:
    """Public holidays at the host's place in the years of the placement; none where the place is not known."""
    place = view.text("host.territory").upper()
    if place not in CODES:
        return frozenset()
    flag = view.get("host.commune_good_friday") is True
    years = {day.year for period in periods(view) for day in period}
    return frozenset(day for year in years for day in public_holidays(year, place, commune_good_friday=flag))


def slots(view: View, path: str) -> tuple[Slot, ...]:
    """Presence at ``path`` (a weekday or a date), as pairs of "HH:MM"."""
    return tuple(_slot(item, f"{path}[{rank}]") for rank, item in enumerate(view.items(path)))


def _slot(item: object, path: str) -> Slot:
    if not isinstance(item, list | tuple) or len(item) != 2:
        raise InvalidData(path, "deux heures HH:MM sont attendues")
    start, end = (_minute(value, path) for value in item)
    return Slot(start, end if end > start else end + 1440)


def _minute(value: object, path: str) -> int:
    hours, _, minutes = clean(value, path).partition(":")
    if not (len(hours) == len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal()):
        raise InvalidData(path, "une heure HH:MM est attendue")
    if int(hours) * 60 + int(minutes) > 1440 or int(minutes) > 59:
        raise InvalidData(path, "cette heure n’existe pas")
    return int(hours) * 60 + int(minutes)


def weekly_minutes(view: View) -> int:
    """Minutes of presence in the usual week."""
    return sum(slot.minutes for day in WEEK for slot in slots(view, f"timetable.{day}"))


def dated(view: View) -> tuple[tuple[date, tuple[Slot, ...]], ...]:
    """Dates whose hours differ from the usual week, in order."""
    found = ((parse_day(key, f"days.{key}"), slots(view, f"days.{key}")) for key in view.mapping("days"))
    return tuple(sorted(found))


def total_minutes(view: View, days_off: Container[date] = ()) -> int:
    """Minutes of presence over all periods, dated exceptions included.

    ``days_off`` (public holidays at the host's place) count only where the data dates hours for them.
    """
    exceptions = dict(dated(view))
    usual = [slots(view, f"timetable.{day}") for day in WEEK]
    days = {day for start, end in periods(view) for day in _each(start, end)}
    hours = (exceptions.get(day, () if day in days_off else usual[day.weekday()]) for day in days)
    return sum(slot.minutes for slots_of_day in hours for slot in slots_of_day)


def _each(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=offset) for offset in range((end - start).days + 1))
