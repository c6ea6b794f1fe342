"""A plan written as a convention's hours: the usual week, the dated exceptions, and what changes in French."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from pfmp_saas.core.spellings import clock
from pfmp_saas.core.text import DAYS
from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.presence import WEEK, Hours
from pfmp_saas.law.repair.plan import Plan

_NAMES = tuple(DAYS.values())


def usual_week(case: Case, plan: Plan) -> tuple[Hours, ...]:
    """Return the hours that most dates of each day of the week have; the former ones where none says otherwise."""
    return tuple(_usual(case, plan, weekday) for weekday in range(7))


def _usual(case: Case, plan: Plan, weekday: int) -> Hours:
    former = case.presence.week[weekday]
    votes = Counter(
        plan[day]
        for day in case.calendar
        if day.weekday() == weekday and day not in case.holidays and day not in case.facts.days
    )
    return min(votes, key=lambda hours: (-votes[hours], hours != former, hours), default=former)


def dated(case: Case, plan: Plan, week: tuple[Hours, ...]) -> dict[date, Hours]:
    """Return the dates whose hours are not those of the usual week, and all those that had hours of their own."""
    days = dict(case.facts.days)
    for day in case.calendar:
        usual = () if day in case.holidays else week[day.weekday()]
        if day in days or plan[day] != usual:
            days[day] = plan[day]
    return dict(sorted(days.items()))


def changes(case: Case, week: tuple[Hours, ...], days: Mapping[date, Hours]) -> Iterator[str]:
    """Yield what changes, a sentence each: days of the week, then dates."""
    former = case.presence
    for name, new, old in zip(_NAMES, week, former.week, strict=True):
        if new != old:
            yield f"Le {name} : {_told(new)} au lieu de {_told(old)}."
    for day, new in days.items():
        if new != former.on(day):
            yield f"{words.day(day).capitalize()} : {_told(new)} au lieu de {_told(former.on(day))}."


def total(before: int, after: int) -> str:
    """Return what becomes of the placement's hours."""
    if before == after:
        return f"Total de la période : {words.duration(after)}, comme avant."
    return f"Total de la période : {words.duration(after)} au lieu de {words.duration(before)}."


def _told(hours: Hours) -> str:
    return " et ".join(f"{clock(slot.start)}–{clock(slot.end)}" for slot in hours) or "repos"


def as_json(
    week: tuple[Hours, ...], days: Mapping[date, Hours]
) -> tuple[dict[str, object], dict[str, object]]:
    """Return the usual week and the dated exceptions as FILE.json writes them."""
    return (
        {name: _pairs(hours) for name, hours in zip(WEEK, week, strict=True)},
        {day.isoformat(): _pairs(hours) for day, hours in days.items()},
    )


def _pairs(hours: Hours) -> list[list[str]]:
    return [[clock(slot.start), clock(slot.end)] for slot in hours]
