"""Hours of a day, breaks, rest from one day to the next."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import DAY, Case, Stretch, WorkedDay
from pfmp_saas.law.checks.model import COLLECTIVE_WORK, LABOUR_CODE, WORKING_TIME_ACT, Found, rule

MINOR_DAY = 8 * 60
ADULT_DAY = 10 * 60
MINOR_UNBROKEN, MINOR_BREAK = 4 * 60 + 30, 30
ADULT_UNBROKEN, ADULT_BREAK = 6 * 60, 20


@rule(
    "daily-hours",
    source="code du travail, art. L. 3162-1",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_minor_day_of_eight_hours_passes_and_one_minute_more_blocks",
)
def minor_daily_hours(case: Case) -> Iterator[Found]:
    """Under eighteen: eight hours a day at most, school included in agriculture."""
    for day in case.worked:
        if day.minor and day.counted > MINOR_DAY:
            found = _too_long(day, MINOR_DAY)
            yield replace(
                found, message=found.message + exception(case, day.counted <= ADULT_DAY, "10 h par jour")
            )


def exception(case: Case, within: bool, most: str) -> str:
    """Return what the code would allow since 2019, and who decides; the convention's own text, stricter, binds."""
    if not within or case.first_day is None or case.first_day < COLLECTIVE_WORK:
        return ""
    site = f"sur un chantier de bâtiment, de travaux publics ou d’espaces verts, le code admettrait {most} (L. 3162-1, R. 3162-1)"
    return f" ; {site} ; ailleurs l’inspecteur du travail peut accorder 5 h de plus par semaine ; la convention, plus stricte, l’emporte"


@rule(
    "daily-hours",
    source="code du travail, art. L. 3121-18",
    since=WORKING_TIME_ACT,
    topic="adult-hours",
    test="test_adult_day_of_ten_hours_passes_and_one_minute_more_blocks",
)
def adult_daily_hours(case: Case) -> Iterator[Found]:
    """From eighteen: ten hours a day at most."""
    yield from (_too_long(day, ADULT_DAY) for day in case.worked if day.adult and day.counted > ADULT_DAY)


def _too_long(day: WorkedDay, limit: int) -> Found:
    school = f", cours compris ({words.duration(day.school_minutes)})" if day.school_minutes else ""
    figures = f"{words.duration(day.counted)}{school} pour {words.pupil(day.age)}"
    message = f"{words.day(day.date)} : {figures} ; {words.duration(limit)} au plus"
    return Found(day.where, message, kind=f"{limit}", day=day.date)


@rule(
    "break",
    source="code du travail, art. L. 3162-3",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_minor_break_beyond_four_and_a_half_hours",
)
def minor_break(case: Case) -> Iterator[Found]:
    """Under eighteen: no more than 4 h 30 without a break of 30 minutes in a row."""
    for run in unbroken(case.line, MINOR_BREAK):
        if run[0].day.minor and work(run) > MINOR_UNBROKEN:
            yield _no_break(run, MINOR_BREAK, f"au-delà de {words.duration(MINOR_UNBROKEN)}")


@rule(
    "break",
    source="code du travail, art. L. 3121-16",
    since=WORKING_TIME_ACT,
    topic="adult-hours",
    test="test_adult_break_at_six_hours",
)
def adult_break(case: Case) -> Iterator[Found]:
    """From eighteen: a break of 20 minutes once six hours are reached; a longer run breaks the rule too."""
    for run in unbroken(case.line, ADULT_BREAK):
        worked = work(run)
        whole_day = worked == ADULT_UNBROKEN and run[0].day.minutes <= worked
        if run[0].day.adult and (worked > ADULT_UNBROKEN or whole_day):
            yield _no_break(run, ADULT_BREAK, f"dès {words.duration(ADULT_UNBROKEN)}")


def unbroken(line: tuple[Stretch, ...], least: int) -> Iterator[list[Stretch]]:
    """Yield the runs of stretches parted by less than ``least`` minutes, midnight or not."""
    run: list[Stretch] = []
    for stretch in line:
        if run and stretch.start - run[-1].end >= least:
            yield run
            run = []
        run.append(stretch)
    if run:
        yield run


def work(run: list[Stretch]) -> int:
    """Return the minutes of work of a run."""
    return sum(stretch.end - stretch.start for stretch in run)


def _no_break(run: list[Stretch], least: int, when: str) -> Found:
    day = run[0].day
    figures = f"{words.duration(work(run))} de suite pour {words.pupil(day.age)}"
    message = (
        f"{words.day(day.date)} : {figures} ; une pause de {words.duration(least)} au moins est due {when}"
    )
    return Found(day.where, message, kind=f"{least}", day=day.date)


@rule(
    "daily-rest",
    source="code du travail, art. L. 3164-1",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_daily_rest_by_age_at_the_boundary",
)
def minor_daily_rest(case: Case) -> Iterator[Found]:
    """Fourteen hours of rest in a row under sixteen, twelve at sixteen and seventeen."""
    yield from (_too_short(*found) for found in _short_rests(case.line, _minor_rest))


@rule(
    "daily-rest",
    source="code du travail, art. L. 3131-1",
    since=WORKING_TIME_ACT,
    topic="adult-hours",
    test="test_daily_rest_by_age_at_the_boundary",
)
def adult_daily_rest(case: Case) -> Iterator[Found]:
    """Eleven hours of rest in a row from eighteen."""
    yield from (_too_short(*found) for found in _short_rests(case.line, _adult_rest))


def _minor_rest(day: WorkedDay) -> int | None:
    return (14 * 60 if day.age is not None and day.age < 16 else 12 * 60) if day.minor else None


def _adult_rest(day: WorkedDay) -> int | None:
    return 11 * 60 if day.adult else None


def _short_rests(
    line: tuple[Stretch, ...], due: Callable[[WorkedDay], int | None]
) -> Iterator[tuple[WorkedDay, int, int]]:
    """Yield the days after whose work the rest ``due`` never comes in time: the day, the longest rest, the due one.

    A rest comes in time when it begins before the day is over, or early enough to end within 24 hours of the
    work's start: so night work that crosses midnight is judged as well as day work.
    """
    gaps = [after.start - before.end for before, after in pairwise(line)] + [7 * DAY]
    for rank, stretch in enumerate(line):
        least = due(stretch.day)
        if least is not None:
            best = _longest(line, gaps, rank, least)
            if best < least:
                yield stretch.day, best, least


def _longest(line: tuple[Stretch, ...], gaps: list[int], rank: int, least: int) -> int:
    start, best = line[rank].start, 0
    limit = max(start + DAY - least, (start // DAY + 1) * DAY)
    while rank < len(line) and line[rank].end <= limit:
        best = max(best, gaps[rank])
        rank += 1
    return best


def _too_short(day: WorkedDay, best: int, least: int) -> Found:
    figures = f"{words.duration(best)} de repos avant la reprise pour {words.pupil(day.age)}"
    message = f"{words.day(day.date)} : {figures} ; {words.duration(least)} de suite au moins"
    return Found(day.where, message, kind=f"{least}", day=day.date)
