"""How many pupils one referent, one tutor, one host may have at the same time."""

from collections.abc import Iterator

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import INTERNSHIP_ACT, INTERNSHIP_CAPS, WARN, Found, rule
from pfmp_saas.law.facts import PostKnown

REFERENT_CAP = 16
TUTOR_CAP = 3


@rule(
    "referent-cap",
    source="code de l’éducation, art. D. 124-3",
    since=INTERNSHIP_ACT,
    test="test_referent_follows_sixteen_pupils_at_most",
)
def referent_cap(case: Case) -> Iterator[Found]:
    """A referent teacher follows sixteen pupils at the same time at most, this one included."""
    followed = case.facts.pupils_followed
    if followed is not None and followed > REFERENT_CAP:
        message = f"l’enseignant référent suit {followed} élèves, celui-ci compris ; {REFERENT_CAP} au plus"
        yield Found("referent.pupils_followed", message)


@rule(
    "tutor-cap",
    source="code de l’éducation, art. R. 124-13",
    since=INTERNSHIP_CAPS,
    test="test_tutor_has_three_running_conventions_at_most",
)
def tutor_cap(case: Case) -> Iterator[Found]:
    """A tutor has three running conventions at most, this one included."""
    running = case.facts.running_conventions
    if running is not None and running > TUTOR_CAP:
        message = f"le tuteur a {running} conventions en cours, celle-ci comprise ; {TUTOR_CAP} au plus"
        yield Found("tutor.running_conventions", message)


@rule(
    "host-cap",
    source="code de l’éducation, art. R. 124-10 et R. 124-11",
    since=INTERNSHIP_CAPS,
    test="test_host_cap_by_staff_and_academic_order",
)
def host_cap(case: Case) -> Iterator[Found]:
    """Trainees of a host in one civil week, this one included, against its staff."""
    host = case.facts.host
    if host.trainees is None or host.staff is None:
        return
    limit = trainees_allowed(host.staff, academic_order=host.academic_order)
    if host.trainees > limit:
        order = ", arrêté académique compris" if host.academic_order else ""
        figures = f"{host.trainees} stagiaires la même semaine pour un effectif de {host.staff}"
        yield Found("host.trainees", f"{figures} ; {limit} au plus{order}")


def trainees_allowed(staff: int, *, academic_order: bool = False) -> int:
    """Return how many trainees a legal entity of this ``staff`` may have in one civil week (R124-10, R124-11).

    Under 20 staff three, from 20 on 15 % rounded up; an academic order: five under 30 staff, else 20 %.
    """
    usual = 3 if staff < 20 else -(-staff * 15 // 100)
    raised = 5 if staff < 30 else -(-staff * 20 // 100)
    return max(usual, raised) if academic_order else usual


_POST: dict[PostKnown, str] = {
    "said": "sur ce poste",
    "tutor": "suivi ici par le même tuteur (même poste ?)",
    "pupil": "de l’élève ici (même poste ?)",
}


@rule(
    "waiting-period",
    source="code de l’éducation, art. L. 124-11",
    since=INTERNSHIP_ACT,
    severity=WARN,
    test="test_waiting_period_is_a_third_of_the_previous_placement",
)
def waiting_period(case: Case) -> Iterator[Found]:
    """Between two trainees on one post, a third of the first's duration."""
    previous, first = case.facts.host.previous_placement, case.first_day
    if previous is None or first is None or first <= previous.start:
        return
    lasted = (previous.end - previous.start).days + 1
    due, waited = -(-lasted // 3), max(0, (first - previous.end).days - 1)
    if waited < due:
        previously = f"{_days(waited)} après l’accueil précédent {_POST[case.facts.host.previous_known_by]}"
        message = f"{previously}, de {_days(lasted)} ; {_days(due)} de carence (un tiers)"
        yield Found("host.previous_placement", message)


def _days(number: int) -> str:
    return f"{number}{words.NBSP}jour{'s' if number > 1 else ''}"
