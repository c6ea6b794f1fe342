"""A plan: the hours of every date of a placement, and what the rules on hours say of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pfmp_saas.law.checks import daily, engine, forbidden, weekly
from pfmp_saas.law.checks.case import DAY, Case, WorkedDay
from pfmp_saas.law.checks.model import Found, Rule
from pfmp_saas.law.presence import Hours, Presence, minutes_of

HOURS = (
    "sunday",
    "public-holiday",
    "night",
    "weekly-rest",
    "daily-hours",
    "break",
    "daily-rest",
    "weekly-hours",
)
"""The codes of the findings on hours, in the order in which they are mended: whole days before hours."""
Plan = Mapping[date, Hours]
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Planned(Case):
    """The case of ``base`` with other hours at the host: ``plan`` by date, in order; the dates that are not in it are not looked at."""

    base: Case
    plan: Plan

    @property
    def presence(self) -> Presence:
        """Return the base's: its calendar and its holidays stand, its hours do not."""
        return self.base.presence

    @cached_property
    def worked(self) -> tuple[WorkedDay, ...]:
        """Return the dates with presence by the plan, or with school hours."""
        return tuple(self._planned())

    def _planned(self) -> Iterator[WorkedDay]:
        for day, slots in self.plan.items():
            school = self._school_minutes(day) if self.profile.agricultural else 0
            if slots or school:
                yield WorkedDay(day, self.age(day), slots, "", minutes_of(slots), school)


def planned(case: Case, plan: Plan) -> Planned:
    """Return ``case`` with the hours of ``plan``."""
    base = case.base if isinstance(case, Planned) else case
    return Planned(base.facts, base.profile, base, plan)


def first_plan(case: Case) -> dict[date, Hours]:
    """Return the hours of every date of the placement as the convention has them."""
    return {day: case.presence.on(day) for day in case.calendar}


def rules_on_hours(case: Case) -> tuple[Rule, ...]:
    """Return the rules on hours that bear on a placement, in the order of HOURS."""
    asked = (rule for rule in engine.ORDERED if rule.code in HOURS and rule.in_force(case.first_day))
    return tuple(sorted(asked, key=lambda rule: HOURS.index(rule.code)))


def faults(case: Case) -> tuple[str, list[Found]] | None:
    """Return the first code that is broken and all that is found of it; None where the hours are lawful."""
    broken = ""
    found: list[Found] = []
    for rule in rules_on_hours(case):
        if broken and rule.code != broken:
            break
        found += rule.check(case)
        broken = rule.code if found else ""
    return (broken, found) if found else None


def around(case: Case, plan: Plan, day: date | None) -> Planned:
    """Return the case of the week of ``day``, the one before and the one after by a plan; of the whole plan without a day."""
    if day is None:
        return planned(case, plan)
    first = day - timedelta(days=day.weekday()) - _WEEK
    dates = (first + timedelta(days=step) for step in range(21))
    return planned(case, {each: plan[each] for each in dates if each in plan})


def lawful_around(case: Case, plan: Plan, day: date) -> bool:
    """Tell whether the plan is lawful in the weeks around ``day``, whatever stands further away."""
    return faults(around(case, plan, day)) is None


def unbroken_limits(case: Case, day: date) -> tuple[int, int] | None:
    """Return the longest work without a break on ``day`` and the break due, in minutes; None at an unknown age."""
    age = case.age(day)
    if age is None:
        return None
    if age < 18:
        return daily.MINOR_UNBROKEN, daily.MINOR_BREAK
    return daily.ADULT_UNBROKEN, daily.ADULT_BREAK


def day_limit(case: Case, day: date) -> int:
    """Return the longest presence that the law lets on ``day``, in minutes."""
    age = case.age(day)
    if age is None:
        return DAY
    return daily.MINOR_DAY if age < 18 else daily.ADULT_DAY


def rest_due(case: Case, day: date) -> int:
    """Return the daily rest due after the work of ``day``, in minutes."""
    age = case.age(day)
    if age is None:
        return 0
    return 14 * 60 if age < 16 else 12 * 60 if age < 18 else 11 * 60


def open_hours(case: Case, day: date) -> tuple[int, int]:
    """Return between which minutes work is no night work on ``day``."""
    age = case.age(day)
    if age is None:
        return 0, DAY
    return forbidden.MORNING, forbidden.CHILD_EVENING if age < 16 else forbidden.EVENING


def week_limit(case: Case, day: date) -> int:
    """Return the longest week that the law lets a pupil of the age of ``day`` work, in minutes."""
    age = case.age(day)
    if age is None:
        return 7 * DAY
    if age >= 18 and case.facts.host.modulated:
        return weekly.LONGEST_WEEK
    legal = weekly.AGRICULTURAL_CHILD_WEEK if case.profile.agricultural and age < 15 else weekly.LEGAL_WEEK
    return weekly.agreed(case, legal)
