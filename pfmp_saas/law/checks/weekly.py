"""Hours of a civil week, Monday to Sunday, and its rest."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import DAY, Case, WorkedDay
from pfmp_saas.law.checks.daily import exception
from pfmp_saas.law.checks.model import LABOUR_CODE, WORKING_TIME_ACT, Found, rule

LEGAL_WEEK = 35 * 60
AGRICULTURAL_CHILD_WEEK = 32 * 60
COLLECTIVE_WEEK = 40 * 60
LONGEST_WEEK = 48 * 60
ADULT_REST = 35 * 60
SUNDAY = 6

Week = tuple[date, tuple[WorkedDay, ...]]


@rule(
    "weekly-hours",
    source="code du travail, art. L. 3162-1",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_minor_week_of_thirty_five_hours_passes_and_one_minute_more_blocks",
)
def minor_weekly_hours(case: Case) -> Iterator[Found]:
    """Under eighteen: 35 h a week, 32 h under fifteen in agriculture, or the host's own lower agreement."""
    for week in case.weeks:
        limit = minor_limit(case, week[1][0])
        if week[1][0].minor and _counted(week) > limit:
            found = _too_long(week, limit)
            within = limit == LEGAL_WEEK and _counted(week) <= COLLECTIVE_WEEK
            yield replace(found, message=found.message + exception(case, within, "40 h par semaine"))


def minor_limit(case: Case, first: WorkedDay) -> int:
    """Return the longest week of a minor by the age of its first day, in minutes."""
    limit = agreed(case, LEGAL_WEEK)
    if case.profile.agricultural and first.age is not None and first.age < 15:
        return min(limit, AGRICULTURAL_CHILD_WEEK)
    return limit


@rule(
    "weekly-hours",
    source="code du travail, art. L. 3121-27",
    since=WORKING_TIME_ACT,
    topic="adult-hours",
    test="test_adult_week_follows_the_lower_agreement_and_modulation",
)
def adult_weekly_hours(case: Case) -> Iterator[Found]:
    """From eighteen: 35 h or the host's own lower agreement; 35 h on average where the hours are modulated."""
    limit = agreed(case, LEGAL_WEEK)
    weeks = [week for week in case.weeks if week[1][0].adult]
    if not case.facts.host.modulated:
        yield from (_too_long(week, limit) for week in weeks if _counted(week) > limit)
        return
    over = over_average(case)
    if sum(over.values()) > 0:
        whole = sum((_counted(week) - over[week[0]]) / limit for week in weeks)
        average = ceil(sum(map(_counted, weeks)) / whole)
        figures = f"{words.duration(average)} par semaine en moyenne ; {words.duration(limit)} au plus"
        yield Found("timetable", f"durée modulée : {figures}", kind="average")


def over_average(case: Case) -> dict[date, Fraction]:
    """Return by Monday what each week of an adult holds beyond its part of the average, in minutes; less is negative."""
    limit, usual = agreed(case, LEGAL_WEEK), _usual(case)
    weeks = [week for week in case.weeks if week[1][0].adult]
    return {week[0]: _counted(week) - limit * _part(case, week, usual) for week in weeks}


@rule(
    "weekly-hours",
    source="code du travail, art. L. 3121-20",
    since=WORKING_TIME_ACT,
    topic="adult-hours",
    test="test_adult_week_follows_the_lower_agreement_and_modulation",
)
def adult_longest_week(case: Case) -> Iterator[Found]:
    """From eighteen, even where the hours are modulated: 48 h in one week at most."""
    if case.facts.host.modulated:
        long = (week for week in case.weeks if week[1][0].adult and _counted(week) > LONGEST_WEEK)
        yield from (_too_long(week, LONGEST_WEEK) for week in long)


def _usual(case: Case) -> set[int]:
    """Return the weekdays of a usual week: the timetable's, or those worked in half of the weeks where all is dated."""
    written = {weekday for weekday, hours in enumerate(case.facts.timetable) if hours}
    if written:
        return written
    times = Counter(day.date.weekday() for day in case.present)
    return {weekday for weekday, number in times.items() if 2 * number >= len(case.weeks)}


def _part(case: Case, week: Week, usual: set[int]) -> Fraction:
    """Return how much of a week the placement holds: its days of presence, usual or worked, out of a whole week's."""
    monday, days = week
    usual = usual | {day.date.weekday() for day in days}
    held = {day.weekday() for day in case.calendar if monday <= day < monday + timedelta(days=7)}
    return Fraction(len(held & usual), len(usual))


def limit_of(case: Case, days: tuple[WorkedDay, ...]) -> int:
    """Return the longest that a week may last by the age of its first day, in minutes."""
    if days[0].minor:
        return minor_limit(case, days[0])
    return LONGEST_WEEK if case.facts.host.modulated else agreed(case, LEGAL_WEEK)


def agreed(case: Case, limit: int) -> int:
    """Return ``limit``, or the host's own lower agreement, in minutes."""
    own = case.facts.host.weekly_hours
    return min(limit, round(own * 60)) if own else limit


def _counted(week: Week) -> int:
    return sum(day.counted for day in week[1])


def _too_long(week: Week, limit: int) -> Found:
    monday, days = week
    school = sum(day.school_minutes for day in days)
    taught = f", cours compris ({words.duration(school)})" if school else ""
    figures = f"{words.duration(_counted(week))}{taught} pour un élève de {days[0].age}{words.NBSP}ans"
    message = f"{words.week(monday)} : {figures} ; {words.duration(limit)} au plus"
    return Found(_where(days), message, kind=f"{limit}", day=monday)


def _where(days: tuple[WorkedDay, ...]) -> str:
    """Return the place of the usual week, or of its longest dated day when dates make exceptions to it."""
    dated = [day for day in days if day.where.startswith("days.")]
    return max(dated, key=lambda day: day.minutes).where if dated else "timetable"


@rule(
    "weekly-rest",
    source="code du travail, art. L. 3164-2",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_minor_weekly_rest_is_two_days_in_a_row",
)
def minor_weekly_rest(case: Case) -> Iterator[Found]:
    """Two days of rest in a row each civil week, with Sunday under sixteen.

    They may lie across two weeks, and outside the placement's dates, where all days are off, but serve one week
    only. Sunday itself, for older minors, is a rule of its own.
    """
    busy = {day.date for day in case.present}
    used: set[date] = set()
    for monday, days in case.weeks:
        young = days[0].age is not None and days[0].age < 16
        pair = _rest_pair(monday, busy, used, young=young)
        used |= set(pair)
        if days[0].minor and not pair and any(day.slots for day in days):
            wanted = "deux jours de repos de suite" + (", dimanche compris" if young else "")
            figures = f"{len([day for day in days if day.slots])} jours de présence, sans {wanted}"
            message = f"{words.week(monday)} : {figures}, pour un élève de {days[0].age}{words.NBSP}ans"
            yield Found(_where(days), message, kind=wanted, day=monday)


def _rest_pair(monday: date, busy: set[date], used: set[date], *, young: bool) -> tuple[date, ...]:
    """Return the first two free days in a row that touch the week; days outside the placement are free."""
    dates = [monday + timedelta(days=offset) for offset in range(-1, 8)]
    for first, second in pairwise(dates):
        free = not {first, second} & (busy | used)
        with_sunday = SUNDAY in (first.weekday(), second.weekday()) and second != monday
        if free and (with_sunday or not young):
            return first, second
    return ()


@rule(
    "weekly-rest",
    source="code du travail, art. L. 3132-1 et L. 3132-2",
    since=LABOUR_CODE,
    topic="adult-hours",
    test="test_adult_weekly_rest_is_thirty_five_hours",
)
def adult_weekly_rest(case: Case) -> Iterator[Found]:
    """From eighteen: six days a week at most, and 35 h in a row, of which a whole day falls in the week."""
    for monday, days in case.weeks:
        present = sum(1 for day in days if day.slots)
        if not days[0].adult or not present:
            continue
        best = _longest_rest(case, monday)
        if best < ADULT_REST or present > 6:
            figures = f"{present} jours de présence et {words.duration(best)} de repos au plus"
            wanted = f"six jours au plus et {words.duration(ADULT_REST)} de suite au moins"
            message = f"{words.week(monday)} : {figures} pour un élève majeur ; {wanted}"
            yield Found(_where(days), message, day=monday)


def _longest_rest(case: Case, monday: date) -> int:
    """Return the longest rest with 24 h in the week, in minutes; before and after the placement all is rest."""
    opening = monday.toordinal() * DAY
    closing = opening + 7 * DAY
    ends = [opening - 7 * DAY, *(stretch.end for stretch in case.line)]
    starts = [*(stretch.start for stretch in case.line), closing + 7 * DAY]
    rests = zip(ends, starts, strict=True)
    within = (end - start for start, end in rests if min(end, closing) - max(start, opening) >= DAY)
    return max(within, default=0)
