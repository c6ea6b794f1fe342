"""The age from which a pupil may be placed."""

from collections.abc import Iterator

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import LABOUR_CODE, Found, rule

YOUNGEST = 14


@rule(
    "minimum-age",
    source="code du travail, art. L. 4153-1",
    since=LABOUR_CODE,
    topic="age",
    test="test_placement_begins_on_the_fourteenth_birthday_at_the_earliest",
)
def minimum_age(case: Case) -> Iterator[Found]:
    """Fourteen at least on the first day of the placement."""
    first = case.present[0].date if case.present else case.first_day
    age = case.age(first) if first else None
    if first is not None and age is not None and age < YOUNGEST:
        message = f"{words.day(first)} : l’élève a {age}{words.NBSP}ans ; {YOUNGEST}{words.NBSP}ans au moins"
        yield Found("student.birth_date", message if age >= 0 else _unborn(message))


def _unborn(message: str) -> str:
    return f"{message.partition(' : ')[0]} : l’élève n’est pas encore né ; vérifiez sa date de naissance"
