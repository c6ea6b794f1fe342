"""When a pupil is present: periods, the usual week, dated exceptions, the days off of the place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pfmp_saas.core.text import DAYS
from pfmp_saas.law.calendars import public_holidays
from pfmp_saas.law.territories import CODES

WEEK = tuple(DAYS)
"""The days of the week as the data name them, Monday first."""
_NATIONAL_DAYS_ONLY = "75"  # the holidays of a host whose territory is not known, or not held


@dataclass(frozen=True, order=True)
class Slot:
    """A stretch of presence in minutes after local midnight; ``end`` passes 1440 for night work that is only printed."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        """Return its length in minutes."""
        return self.end - self.start


Hours = tuple[Slot, ...]


@dataclass(frozen=True, order=True)
class Period:
    """First and last day of a placement, both included."""

    start: date
    end: date


def minutes_of(hours: Hours) -> int:
    """Return the minutes of a day's stretches."""
    return sum(slot.minutes for slot in hours)


@dataclass(frozen=True)
class Presence:
    """When a pupil is present at a host.

    ``week`` holds seven days, Monday first, ``days`` the dated exceptions to it. ``territory`` is the host's
    department or collectivity, None where it is not known; ``commune_good_friday`` says that Good Friday is a
    public holiday there; ``abroad`` that no French holiday binds.
    """

    periods: tuple[Period, ...]
    week: tuple[Hours, ...]
    days: Mapping[date, Hours]
    territory: str | None
    commune_good_friday: bool = False
    abroad: bool = False

    @cached_property
    def calendar(self) -> tuple[date, ...]:
        """Return every date of the periods, in order, once."""
        dates = {
            period.start + timedelta(days=offset)
            for period in self.periods
            for offset in range((period.end - period.start).days + 1)
        }
        return tuple(sorted(dates))

    @cached_property
    def holidays(self) -> Mapping[date, str]:
        """Return the public holidays of the host's place in the years of the placement, with their French names."""
        place = self.territory if self.territory in CODES else _NATIONAL_DAYS_ONLY
        names: dict[date, str] = {}
        for year in {day.year for day in self.calendar} if not self.abroad else ():
            names |= public_holidays(year, place, commune_good_friday=self.commune_good_friday)
        return names

    def on(self, day: date) -> Hours:
        """Return the hours of a date: a public holiday is a day off unless the data date hours for it."""
        usual = () if day in self.holidays else self.week[day.weekday()]
        return self.days.get(day, usual)

    @cached_property
    def minutes(self) -> int:
        """Return the minutes of all periods."""
        return sum(minutes_of(self.on(day)) for day in self.calendar)

    @property
    def weekly_minutes(self) -> int:
        """Return the minutes of the usual week."""
        return sum(map(minutes_of, self.week))
