"""School holidays inside a placement, and the sequences of a training cycle."""

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import (
    BLOCK,
    INTERNSHIP_ACT,
    LABOUR_CODE,
    PLACEMENT_CIRCULAR,
    WARN,
    Found,
    rule,
)
from pfmp_saas.law.presence import Period

YOUNG = 16


@rule(
    "mention-missing",
    source="code de l’éducation, art. L. 124-1",
    since=INTERNSHIP_ACT,
    topic="school-time",
    severity=WARN,
    test="test_a_placement_in_the_holidays_is_one_that_the_course_allows",
)
def outside_school_time(case: Case) -> Iterator[Found]:
    """In the school's holidays only where the course says so."""
    if case.facts.student.course_outside_school_time:
        return
    for rank, holiday in enumerate(case.facts.school_holidays):
        days = [day.date for day in case.present if holiday.start <= day.date <= holiday.end]
        if days:
            inside = (
                f"{len(days)} jour{'s' if len(days) > 1 else ''} de présence pendant les vacances scolaires"
            )
            message = f"{inside} {_span(holiday)} ; le référentiel doit le prévoir expressément"
            yield Found("student.course_outside_school_time", message, kind=str(rank))


@rule(
    "duration-max",
    source="code du travail, art. L. 4153-3 et D. 4153-2",
    since=LABOUR_CODE,
    topic="school-time",
    severity=WARN,
    test="test_under_sixteen_half_of_a_holiday_at_most",
)
def half_of_holiday(case: Case) -> Iterator[Found]:
    """Under sixteen, half of a school holiday at most: agricultural model; elsewhere to be confirmed."""
    for rank, holiday in enumerate(case.facts.school_holidays):
        taken, whole = sum(_taken(case, holiday)), (holiday.end - holiday.start).days + 1
        if 2 * taken > whole:
            figures = (
                f"{taken} jours de période avant 16{words.NBSP}ans, sur {whole} de vacances {_span(holiday)}"
            )
            message = f"{figures} ; {whole // 2} au plus (la moitié)"
            if case.profile.agricultural:
                yield Found("periods", message, kind=str(rank), severity=BLOCK)
            else:
                yield Found("periods", f"{message} (à confirmer)", kind=str(rank))


def _taken(case: Case, holiday: Period) -> Iterator[int]:
    """Yield the days of the holiday that each period takes under sixteen, from its first worked one to its last."""
    for period in case.facts.periods:
        start, end = max(period.start, holiday.start), min(period.end, holiday.end)
        days = [day.date for day in case.present if start <= day.date <= end and _young(case, day.date)]
        if days:
            yield (days[-1] - days[0]).days + 1


def _young(case: Case, day: date) -> bool:
    age = case.age(day)
    return age is not None and age < YOUNG


def _span(holiday: Period) -> str:
    return f"du {words.plain_day(holiday.start)} au {words.plain_day(holiday.end)}"


@cache
def _sequences() -> tuple[tuple[range, int], ...]:
    path = Path(__file__).with_name("sequences.json")
    read = json.loads(path.read_text(encoding="utf-8"))["most"]
    return tuple((range(each["from"], each["to"] + 1), each["sequences"]) for each in read)


def most_sequences(weeks: int) -> int | None:
    """Return the most sequences of a training cycle with ``weeks`` weeks of placement; None where the text is silent."""
    return next((most for span, most in _sequences() if weeks in span), None)


@rule(
    "duration-max",
    source="circulaire n° 2016-053 du 29 mars 2016, 3.2",
    since=PLACEMENT_CIRCULAR,
    severity=WARN,
    test="test_sequences_of_a_training_cycle",
)
def sequences(case: Case) -> Iterator[Found]:
    """Education: three sequences for 12 weeks of placement in the cycle, four for 13 to 18, six for 19 to 22.

    The personalised course of the last year is none of them.
    """
    student, mine = case.facts.student, len(case.facts.periods)
    most = most_sequences(student.cycle_weeks) if student.cycle_weeks is not None else None
    counted = (student.sequences_done or 0) + mine
    if student.personalised_course:
        return
    if case.profile.counts_sequences and most is not None and counted > most:
        figures = (
            f"{counted} séquences dans le cycle, celle{'s' if mine > 1 else ''} de cette convention comprise"
        )
        figures += "s" if mine > 1 else ""
        weeks = f"{student.cycle_weeks}{words.NBSP}semaines de PFMP"
        yield Found("student.sequences_done", f"{figures}, pour {weeks} ; {most} au plus")
