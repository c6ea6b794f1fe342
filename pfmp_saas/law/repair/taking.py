"""Taking away the fewest minutes that one finding wants gone: each mender returns the new hours of the dates it changes."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

from pfmp_saas.law.checks import daily, forbidden, weekly
from pfmp_saas.law.checks.case import DAY, Stretch, WorkedDay
from pfmp_saas.law.checks.model import Found
from pfmp_saas.law.presence import Hours, minutes_of
from pfmp_saas.law.repair.plan import Planned, rest_due, unbroken_limits
from pfmp_saas.law.repair.slots import shortened, without

Changes = dict[date, Hours]
NOON = 12 * 60


def _whole_day(_case: Planned, found: Found) -> Changes:
    return {found.day: ()} if found.day else {}


def _night(case: Planned, found: Found) -> Changes:
    if found.day is None:
        return {}
    age = case.age(found.day)
    evening = forbidden.CHILD_EVENING if age is not None and age < 16 else forbidden.EVENING
    return {found.day: without(without(case.plan[found.day], 0, forbidden.MORNING), evening, DAY)}


def _long_day(case: Planned, found: Found) -> Changes:
    for day in case.worked:
        if day.date == found.day:
            limit = daily.MINOR_DAY if day.minor else daily.ADULT_DAY
            return {day.date: shortened(day.slots, day.counted - limit)}
    return {}


def _break(case: Planned, found: Found) -> Changes:
    limits = unbroken_limits(case, found.day) if found.day else None
    if limits is None:
        return {}
    limit, least = limits
    for run in daily.unbroken(case.line, least):
        if run[0].day.date == found.day and daily.work(run) >= limit + (limit == daily.MINOR_UNBROKEN):
            return _carved(case, *min(_pauses(run, limit, least))[-2:])
    return {}


def _pauses(run: list[Stretch], limit: int, least: int) -> Iterable[tuple[int, int, int, int, int]]:
    """Yield the pauses that would mend a run: cost, work left too long after it, distance from noon, start, end."""
    work, noon = daily.work(run), run[0].start // DAY * DAY + NOON
    whole = run[-1].end
    if work > limit and (limit == daily.MINOR_UNBROKEN or run[0].day.minutes > work):
        yield work - limit, 0, 0, _after_work(run, limit), whole
    middle = (work - least) // 2 // 5 * 5
    starts = {noon, _after_work(run, limit), _after_work(run, middle)}
    starts |= {each.end for each in run} | {each.start - least for each in run}
    for start in starts:
        left, gone = _within(run, run[0].start, start), _within(run, start, start + least)
        if 0 < left <= limit and gone:
            yield gone, max(0, work - left - gone - limit), abs(start - noon), start, start + least


def _after_work(run: list[Stretch], minutes: int) -> int:
    """Return when so many minutes of a run are done."""
    for stretch in run:
        if minutes <= stretch.end - stretch.start:
            return stretch.start + minutes
        minutes -= stretch.end - stretch.start
    return run[-1].end


def _within(line: Iterable[Stretch], start: int, end: int) -> int:
    return sum(max(0, min(each.end, end) - max(each.start, start)) for each in line)


def _carved(case: Planned, start: int, end: int) -> Changes:
    """Return the hours of the dates that a window of the line touches, with nothing in it."""
    changes = {}
    for ordinal in range(start // DAY, (end - 1) // DAY + 1):
        day = date.fromordinal(ordinal)
        if case.plan.get(day):
            changes[day] = without(case.plan[day], start - ordinal * DAY, end - ordinal * DAY)
    return changes


def _rest(case: Planned, found: Found) -> Changes:
    """Empty the window of the due rest that holds the fewest minutes, the evening's before the next morning's."""
    if found.day is None:
        return {}
    least, line = rest_due(case, found.day), case.line
    for stretch in line:
        if stretch.day.date == found.day and not _rested(case, stretch, least):
            limit = max(stretch.start + DAY - least, (stretch.start // DAY + 1) * DAY)
            marks = (
                {each.end for each in line} | {each.start - least for each in line} | {stretch.start, limit}
            )
            windows = [mark for mark in marks if stretch.start <= mark <= limit]
            _, start = min((_within(line, mark, mark + least), mark) for mark in windows)
            return _carved(case, start, start + least)
    return {}


def _rested(case: Planned, stretch: Stretch, least: int) -> bool:
    limit = max(stretch.start + DAY - least, (stretch.start // DAY + 1) * DAY)
    later = [each for each in case.line if each.start >= stretch.start]
    pairs = [*pairwise(later), (later[-1], None)]
    return any(
        before.end <= limit and (after is None or after.start - before.end >= least)
        for before, after in pairs
    )


def _weekly_rest(case: Planned, found: Found) -> Changes:
    days = dict(case.weeks).get(found.day) if found.day else None
    if not days or found.day is None:
        return {}
    return _two_days_off(case, found.day, days) if days[0].minor else _day_off(case, found.day)


def _two_days_off(case: Planned, monday: date, days: tuple[WorkedDay, ...]) -> Changes:
    young = days[0].age is not None and days[0].age < 16
    week = [monday + timedelta(days=offset) for offset in range(7)]
    pairs = [pair for pair in pairwise(week) if not young or pair[1] == week[-1]]
    costs = [
        (sum(minutes_of(case.plan.get(day, ())) for day in pair), -rank) for rank, pair in enumerate(pairs)
    ]
    costly = [cost for cost in costs if cost[0]] or costs
    return {day: () for day in pairs[-min(costly)[1]] if case.plan.get(day)}


def _day_off(case: Planned, monday: date) -> Changes:
    """Empty the 35 hours that hold a whole day of the week and the fewest minutes."""
    best: tuple[int, int, int] | None = None
    for offset in range(7):
        opening = (monday.toordinal() + offset) * DAY
        least = weekly.ADULT_REST
        marks = {each.end for each in case.line} | {each.start - least for each in case.line} | {opening}
        for mark in marks:
            near = opening - (least - DAY) <= mark <= opening
            gone = _within(case.line, mark, mark + least) if near else 0
            if gone:
                best = min(filter(None, (best, (gone, -offset, mark))))
    return _carved(case, best[2], best[2] + weekly.ADULT_REST) if best else {}


def _long_week(case: Planned, found: Found) -> Changes:
    if found.day is None:
        return _long_average(case)
    days = dict(case.weeks).get(found.day, ())
    limit = weekly.limit_of(case, days) if days else None
    return _shorter_week(days, sum(day.counted for day in days) - limit) if limit is not None else {}


def _shorter_week(days: tuple[WorkedDay, ...], excess: int) -> Changes:
    """Take from the end of the week: its last day stops earlier, then the one before."""
    changes: Changes = {}
    for day in reversed(days):
        if excess > 0 and day.slots:
            changes[day.date] = shortened(day.slots, excess)
            excess -= day.minutes
    return changes


def _long_average(case: Planned) -> Changes:
    """Shorten the week that stands furthest beyond its part of the average."""
    over = weekly.over_average(case)
    excess = ceil(sum(over.values()))
    if excess <= 0:
        return {}
    longest = max(over, key=lambda monday: over[monday])
    return _shorter_week(dict(case.weeks)[longest], min(excess, ceil(over[longest])))


MENDERS: dict[str, Callable[[Planned, Found], Changes]] = {
    "sunday": _whole_day,
    "public-holiday": _whole_day,
    "night": _night,
    "weekly-rest": _weekly_rest,
    "daily-hours": _long_day,
    "break": _break,
    "daily-rest": _rest,
    "weekly-hours": _long_week,
}
