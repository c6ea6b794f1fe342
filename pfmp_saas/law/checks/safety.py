"""Loads and electricity: allowed without a declaration, but not without the medical fitness or the habilitation."""

from collections.abc import Iterator

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import BLOCK, ELECTRICAL_RISK, WARN, YOUNG_WORKERS, Found, rule
from pfmp_saas.law.clocks import medical_opinion_valid_until

YOUNGEST = 15
_LOADS = f"manutention de charges de plus de 20{words.NBSP}% du poids de l’élève"
_ELECTRICAL = "travaux électriques prévus"


@rule(
    "medical-opinion-missing",
    source="code du travail, art. R. 4153-52",
    since=YOUNG_WORKERS,
    topic="loads",
    test="test_loads_over_a_fifth_of_the_weight_need_a_medical_fitness",
)
def loads_fitness(case: Case) -> Iterator[Found]:
    """A minor handles loads over 20 % of body weight once found fit; an opinion over a year old is warned of."""
    minor, given = case.minor_dates, case.facts.student.loads_fitness_on
    where = "student.loads_fitness_on"
    if not case.facts.loads_planned or not minor:
        return
    if given is None:
        yield Found(where, f"{_LOADS} : avis médical d’aptitude absent")
    elif given > minor[0]:
        late = f"avis médical du {words.plain_day(given)}, après le premier jour"
        yield Found(where, f"{_LOADS} : {late} ({words.plain_day(minor[0])})")
    elif medical_opinion_valid_until(given) < minor[-1]:
        old = f"avis médical du {words.plain_day(given)}, plus d’un an avant le {words.plain_day(minor[-1])}"
        yield Found(where, f"{_LOADS} : {old} ; durée de validité à confirmer", severity=WARN)


@rule(
    "regulated-work-age",
    source="code du travail, art. R. 4153-39 et R. 4153-52",
    since=YOUNG_WORKERS,
    topic="loads",
    severity=WARN,
    test="test_loads_over_a_fifth_of_the_weight_begin_on_the_fifteenth_birthday",
)
def loads_age(case: Case) -> Iterator[Found]:
    """Loads over 20 % of body weight from fifteen: the agricultural model says so; elsewhere to be confirmed."""
    young = [day for day in case.present if day.age is not None and day.age < YOUNGEST]
    if case.facts.loads_planned and young:
        whom = f"{_LOADS} pour {words.pupil(young[0].age)}"
        message = f"{words.day(young[0].date)} : {whom} ; {YOUNGEST}{words.NBSP}ans au moins"
        if case.profile.agricultural:
            yield Found("regulated.loads_planned", message, severity=BLOCK)
        else:
            yield Found("regulated.loads_planned", f"{message} (à confirmer)")


@rule(
    "annex-required",
    source="code du travail, art. R. 4153-50 et R. 4544-10",
    since=ELECTRICAL_RISK,
    topic="electrical",
    test="test_electrical_work_follows_the_school_s_training",
)
def electrical_training(case: Case) -> Iterator[Found]:
    """Electrical work (never live) after the school's training, which its individual record certifies."""
    first, trained = case.first_day, case.facts.student.electrical_training_on
    where = "student.electrical_training_on"
    if not case.facts.electrical_planned:
        return
    if trained is None:
        yield Found(
            where,
            f"{_ELECTRICAL} : formation à la prévention du risque électrique, en établissement, absente",
        )
    elif first and trained >= first:
        late = f"formation finie le {words.plain_day(trained)}, et non avant la période"
        yield Found(where, f"{_ELECTRICAL} : {late} ({words.plain_day(first)})")


@rule(
    "annex-required",
    source="code du travail, art. R. 4544-9 et R. 4544-10",
    since=ELECTRICAL_RISK,
    topic="electrical",
    severity=WARN,
    test="test_the_host_s_habilitation_follows_the_training",
)
def electrical_habilitation(case: Case) -> Iterator[Found]:
    """The host delivers the habilitation on the record of the training: never before it, and before the work."""
    student, first = case.facts.student, case.first_day
    trained, given = student.electrical_training_on, student.electrical_habilitation_on
    where = "student.electrical_habilitation_on"
    if not case.facts.electrical_planned:
        return
    if given is None:
        yield Found(where, f"{_ELECTRICAL} : aucun avant l’habilitation par l’organisme d’accueil, non datée")
    elif trained and given < trained:
        dates = f"habilitation du {words.plain_day(given)}, avant la formation ({words.plain_day(trained)})"
        yield Found(where, f"{_ELECTRICAL} : {dates}", severity=BLOCK)
    elif first and given > first:
        yield Found(where, f"{_ELECTRICAL} : aucun avant l’habilitation du {words.plain_day(given)}")
