"""Length of the placement and the gratification that a long one makes due."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import INTERNSHIP_ACT, Found, rule
from pfmp_saas.law.money.amounts import Amount, euros
from pfmp_saas.law.money.hourly import hourly_due

LONGEST = 924 * 60  # six months of 22 days of 7 hours (L124-5, D124-6), in minutes
UNPAID = 308 * 60  # two months
UNPAID_APPROPRIATE_RHYTHM = 462 * 60  # three months


@dataclass(frozen=True)
class DueGratification:
    """A gratification that is due: minutes of presence, those it takes to make it due, and the least an hour."""

    minutes: int
    unpaid: int
    hourly: Amount


def _by_teaching_year(case: Case) -> dict[int, tuple[date, int]]:
    """Return the first day and the minutes of presence by teaching year (named by the civil year that opens it)."""
    minutes: defaultdict[int, int] = defaultdict(int)
    first: dict[int, date] = {}
    for day in case.present:
        year = case.facts.teaching_year(day.date)
        first.setdefault(year, day.date)
        minutes[year] += day.minutes
    done = int(case.facts.host.hours_done * 60)
    earliest = min(first, default=0)
    return {year: (day, minutes[year] + (done if year == earliest else 0)) for year, day in first.items()}


@rule(
    "duration-max",
    source="code de l’éducation, art. L. 124-5 et D. 124-6",
    since=INTERNSHIP_ACT,
    test="test_placement_lasts_924_hours_at_most_in_a_teaching_year",
)
def duration_max(case: Case) -> Iterator[Found]:
    """Six months with one host in one teaching year at most: 132 days, 924 hours."""
    for year, (_, minutes) in _by_teaching_year(case).items():
        if minutes > LONGEST:
            figures = f"{words.duration(minutes)} chez cet organisme en {year}-{year + 1}"
            yield Found("periods", f"{figures} ; {words.duration(LONGEST)} au plus (6 mois)", kind=str(year))


@rule(
    "gratification-due",
    source="code de l’éducation, art. L. 124-6 et D. 124-8",
    since=INTERNSHIP_ACT,
    topic="gratification",
    test="test_gratification_is_due_beyond_308_hours",
)
def gratification_due(case: Case) -> Iterator[Found]:
    """Beyond two months with one host in a school year, a gratification from the first hour.

    The legal amount, or the host's branch agreement when it pays more.
    """
    hourly = case.facts.hourly_gratification
    for due in due_gratifications(case):
        if hourly is None or hourly < due.hourly.euros:
            given = "aucune n’est prévue" if hourly is None else f"{euros(hourly)} de l’heure prévus"
            hours = f"{words.duration(due.minutes)} de présence, au-delà de {words.duration(due.unpaid)}"
            wanted = f"gratification d’au moins {euros(due.hourly.euros)} de l’heure"
            message = f"{hours} : {wanted} ({due.hourly.how}) ; {given}"
            yield Found("finance.gratification.hourly", message)


def due_gratifications(case: Case) -> Iterator[DueGratification]:
    """Yield what is due for each teaching year in which the presence with this host passes the unpaid threshold.

    The rate is that of the placement's first day in it, or, where the convention says that it follows the
    civil year, the highest of those that its days see: no text settles a placement that crosses 1 January.
    """
    rhythm = case.profile.agricultural and case.facts.student.appropriate_rhythm
    unpaid = UNPAID_APPROPRIATE_RHYTHM if rhythm else UNPAID
    for year, (first, minutes) in _by_teaching_year(case).items():
        if minutes > unpaid:
            years = _civil_years(case, year) if case.facts.rate_follows_year else {first.year}
            rates = (hourly_due(each, case.facts.branch_minimum) for each in sorted(years))
            yield DueGratification(minutes, unpaid, max(rates, key=lambda rate: rate.euros))


def _civil_years(case: Case, teaching_year: int) -> set[int]:
    return {day.date.year for day in case.present if case.facts.teaching_year(day.date) == teaching_year}


@rule(
    "mention-missing",
    source="code de l’éducation, art. D. 124-4 (8°)",
    since=INTERNSHIP_ACT,
    topic="gratification",
    test="test_gratification_says_how_it_is_paid",
)
def gratification_payment(case: Case) -> Iterator[Found]:
    """A gratification says how it is paid."""
    filled = case.facts.filled
    if case.facts.hourly_gratification and "finance.gratification.payment" not in filled:
        message = "mention 8 absente : modalités de versement de la gratification"
        yield Found("finance.gratification.payment", message)


@rule(
    "overlap",
    source="code de l’éducation, art. D. 124-4 (5°)",
    since=INTERNSHIP_ACT,
    test="test_periods_of_one_convention_do_not_overlap",
)
def overlapping_periods(case: Case) -> Iterator[Found]:
    """Two periods of one convention have no day in common."""
    ranked = sorted((period, rank) for rank, period in enumerate(case.facts.periods))
    for (first, _), (second, rank) in pairwise(ranked):
        if second.start <= first.end:
            common = f"du {words.plain_day(second.start)} au {words.plain_day(min(first.end, second.end))}"
            yield Found(f"periods[{rank}]", f"deux périodes se chevauchent, {common}")


@rule(
    "overlap",
    source="code de l’éducation, art. L. 124-1",
    since=INTERNSHIP_ACT,
    test="test_a_student_is_in_one_placement_at_a_time",
)
def overlapping_placements(case: Case) -> Iterator[Found]:
    """A pupil is in one placement at a time, whatever the convention."""
    for rank, period in enumerate(case.facts.periods):
        for other in case.facts.student.elsewhere:
            if other.start <= period.end and period.start <= other.end:
                span = f"du {words.plain_day(other.start)} au {words.plain_day(other.end)}"
                yield Found(
                    f"periods[{rank}]", f"l’élève a déjà une convention {span}", kind=str(other.start)
                )
