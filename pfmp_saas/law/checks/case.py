"""A convention laid out day by day: what the rules look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from pfmp_saas.law.calendars import public_holidays
from pfmp_saas.law.checks.profile import Profile
from pfmp_saas.law.facts import WEEK, Facts
from pfmp_saas.law.reader import Hours

DAY = 1440  # minutes
_NATIONAL_DAYS_ONLY = "75"  # the holidays of a host whose territory is not said


@dataclass(frozen=True)
class WorkedDay:
    """A date with presence: age that day (None if unknown), minutes of presence and of school."""

    date: date
    age: int | None
    slots: Hours
    where: str
    minutes: int
    school_minutes: int

    @property
    def minor(self) -> bool:
        """Under eighteen on this date; an unknown age is neither minor nor adult."""
        return self.age is not None and self.age < 18

    @property
    def adult(self) -> bool:
        """Eighteen or over on this date."""
        return self.age is not None and self.age >= 18

    @property
    def counted(self) -> int:
        """Minutes that the limits count."""
        return self.minutes + self.school_minutes


@dataclass(frozen=True)
class Stretch:
    """A slot on one continuous line of minutes, with its day."""

    start: int
    end: int
    day: WorkedDay


def age_on(birth_date: date, day: date) -> int:
    """Age in whole years on ``day``; one born on 29 February is a year older on 1 March of common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


@dataclass(frozen=True)
class Case:
    """Facts and the profile of their model, with the days worked out once."""

    facts: Facts
    profile: Profile

    def age(self, day: date) -> int | None:
        """Age of the pupil on ``day``, or None when the birth date is not known."""
        born = self.facts.student.birth_date
        return None if born is None else age_on(born, day)

    @cached_property
    def calendar(self) -> tuple[date, ...]:
        """Every date of the periods, in order, once."""
        found = {
            period.start + timedelta(days=offset)
            for period in self.facts.periods
            for offset in range((period.end - period.start).days + 1)
        }
        return tuple(sorted(found))

    @cached_property
    def holidays(self) -> Mapping[date, str]:
        """Public holidays at the host's place, in the years of the placement."""
        host = self.facts.host
        found: dict[date, str] = {}
        for year in {day.year for day in self.calendar}:
            place = host.territory or _NATIONAL_DAYS_ONLY
            found |= public_holidays(year, place, commune_good_friday=host.commune_good_friday)
        return found

    @cached_property
    def worked(self) -> tuple[WorkedDay, ...]:
        """Dates with presence; in agriculture, those with school hours alone too (their slots are empty)."""
        return tuple(self._worked())

    def _worked(self) -> Iterator[WorkedDay]:
        facts = self.facts
        for day in self.calendar:
            dated = day in facts.days
            usual = () if day in self.holidays else facts.timetable[day.weekday()]
            slots = facts.days[day] if dated else usual
            school = self._school_minutes(day) if self.profile.agricultural else 0
            if slots or school:
                where = f"days.{day.isoformat()}" if dated else f"timetable.{WEEK[day.weekday()]}"
                yield WorkedDay(day, self.age(day), slots, where, _minutes(slots), school)

    def _school_minutes(self, day: date) -> int:
        facts = self.facts
        usual = () if day in self.holidays else facts.school_timetable[day.weekday()]
        return _minutes(facts.school_days.get(day, usual))

    @cached_property
    def present(self) -> tuple[WorkedDay, ...]:
        """Dates with presence at the host."""
        return tuple(day for day in self.worked if day.slots)

    @cached_property
    def minor_dates(self) -> tuple[date, ...]:
        """Dates of presence at the host before the eighteenth birthday."""
        return tuple(day.date for day in self.present if day.minor)

    @cached_property
    def weeks(self) -> tuple[tuple[date, tuple[WorkedDay, ...]], ...]:
        """Civil weeks that have worked days, by their Monday."""
        return tuple((monday, tuple(days)) for monday, days in groupby(self.worked, key=_monday))

    @cached_property
    def line(self) -> tuple[Stretch, ...]:
        """Every slot in order on one line of minutes, so that midnight is no border."""
        return tuple(
            Stretch(day.date.toordinal() * DAY + slot.start, day.date.toordinal() * DAY + slot.end, day)
            for day in self.present
            for slot in day.slots
        )

    @cached_property
    def first_day(self) -> date | None:
        """First day of the placement."""
        return self.calendar[0] if self.calendar else None

    @cached_property
    def minutes(self) -> int:
        """Minutes of presence of the whole placement."""
        return sum(day.minutes for day in self.present)


def _monday(day: WorkedDay) -> date:
    return day.date - timedelta(days=day.date.weekday())


def _minutes(slots: Hours) -> int:
    return sum(slot.end - slot.start for slot in slots)
