"""A convention laid out day by day: what the rules look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from pfmp_saas.core.years import MAJORITY, age_on
from pfmp_saas.law.checks.profile import Profile
from pfmp_saas.law.facts import Facts
from pfmp_saas.law.presence import WEEK, Hours, Presence, minutes_of

DAY = 1440  # minutes


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
        """Tell whether the pupil is under eighteen on this date; an unknown age is neither minor nor adult."""
        return self.age is not None and self.age < MAJORITY

    @property
    def adult(self) -> bool:
        """Tell whether the pupil is eighteen or over on this date."""
        return self.age is not None and self.age >= MAJORITY

    @property
    def counted(self) -> int:
        """Return the minutes that the limits count."""
        return self.minutes + self.school_minutes


@dataclass(frozen=True)
class Stretch:
    """A slot on one continuous line of minutes, with its day."""

    start: int
    end: int
    day: WorkedDay


@dataclass(frozen=True)
class Case:
    """Facts and the profile of their model, with the days worked out once."""

    facts: Facts
    profile: Profile

    def age(self, day: date) -> int | None:
        """Return the age of the pupil on ``day``, or None when the birth date is not known."""
        born = self.facts.student.birth_date
        return None if born is None else age_on(born, day)

    @cached_property
    def presence(self) -> Presence:
        """Return when the pupil is present at the host."""
        return self.facts.presence

    @property
    def calendar(self) -> tuple[date, ...]:
        """Return every date of the periods, in order, once."""
        return self.presence.calendar

    @property
    def holidays(self) -> Mapping[date, str]:
        """Return the public holidays at the host's place, in the years of the placement."""
        return self.presence.holidays

    @cached_property
    def worked(self) -> tuple[WorkedDay, ...]:
        """Return the dates with presence; in agriculture, those with school hours alone too (their slots are empty)."""
        return tuple(self._worked())

    def _worked(self) -> Iterator[WorkedDay]:
        facts = self.facts
        for day in self.calendar:
            dated, slots = day in facts.days, self.presence.on(day)
            school = self._school_minutes(day) if self.profile.agricultural else 0
            if slots or school:
                where = f"days.{day.isoformat()}" if dated else f"timetable.{WEEK[day.weekday()]}"
                yield WorkedDay(day, self.age(day), slots, where, minutes_of(slots), school)

    def _school_minutes(self, day: date) -> int:
        facts = self.facts
        usual = () if day in self.holidays else facts.school_timetable[day.weekday()]
        return minutes_of(facts.school_days.get(day, usual))

    @cached_property
    def present(self) -> tuple[WorkedDay, ...]:
        """Return the dates with presence at the host."""
        return tuple(day for day in self.worked if day.slots)

    @cached_property
    def minor_dates(self) -> tuple[date, ...]:
        """Return the dates of presence at the host before the eighteenth birthday."""
        return tuple(day.date for day in self.present if day.minor)

    @cached_property
    def weeks(self) -> tuple[tuple[date, tuple[WorkedDay, ...]], ...]:
        """Return the civil weeks that have worked days, by their Monday."""
        return tuple((monday, tuple(days)) for monday, days in groupby(self.worked, key=_monday))

    @cached_property
    def line(self) -> tuple[Stretch, ...]:
        """Return every slot in order on one line of minutes, so that midnight is no border."""
        return tuple(
            Stretch(day.date.toordinal() * DAY + slot.start, day.date.toordinal() * DAY + slot.end, day)
            for day in self.present
            for slot in day.slots
        )

    @cached_property
    def first_day(self) -> date | None:
        """Return the first day of the placement."""
        return self.calendar[0] if self.calendar else None

    @cached_property
    def minutes(self) -> int:
        """Return the minutes of presence of the whole placement."""
        return sum(day.minutes for day in self.present)


def _monday(day: WorkedDay) -> date:
    return day.date - timedelta(days=day.date.weekday())
