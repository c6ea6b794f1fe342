"""Annexes that the facts make compulsory."""

from collections.abc import Iterator

from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import INTERNSHIP_ACT, LABOUR_CODE, REGULATED_WORKS, WARN, Found, rule
from pfmp_saas.law.checks.regulated import works

_ANNEX_2 = {"places": "lieux", "machines": "machines", "supervisor": "personne qui encadre"}
_DRIVING = "27"


@rule(
    "annex-required",
    source="code du travail, art. R. 4153-41",
    since=REGULATED_WORKS,
    topic="works",
    test="test_agricultural_minor_with_regulated_works_has_annex_two",
)
def regulated_works_annex(case: Case) -> Iterator[Found]:
    """Agriculture: annex 2 is filled for a minor assigned to regulated works."""
    if case.profile.agricultural and case.facts.works and any(day.minor for day in case.present):
        absent = {key: name for key, name in _ANNEX_2.items() if f"regulated.{key}" not in case.facts.filled}
        if absent:
            message = f"annexe 2 (travaux réglementés) obligatoire pour un mineur ; il y manque : {', '.join(absent.values())}"
            yield Found(f"regulated.{next(iter(absent))}", message)


@rule(
    "annex-required",
    source="code du travail, art. R. 4323-55",
    since=LABOUR_CODE,
    severity=WARN,
    test="test_driving_is_preceded_by_training",
)
def driving_training(case: Case) -> Iterator[Found]:
    """Agriculture: mobile and lifting equipment is driven after a training that annex 2 names."""
    wanted = case.profile.agricultural and _DRIVING in case.facts.works
    if wanted and "regulated.driving" not in case.facts.filled:
        title = works()[_DRIVING].title.lower()
        message = f"{title} : l’annexe 2 ne dit pas la formation préalable à la conduite"
        yield Found("regulated.driving", message)


@rule(
    "annex-required",
    source="code de l’éducation, art. L. 124-20",
    since=INTERNSHIP_ACT,
    topic="abroad",
    test="test_placement_abroad_has_its_information_sheet",
)
def abroad_sheet(case: Case) -> Iterator[Found]:
    """Abroad: the sheet on the host country's rules is annexed."""
    if case.facts.abroad and "information_sheet" not in case.facts.abroad:
        message = (
            "accueil à l’étranger : la fiche d’information sur les règles du pays d’accueil doit être annexée"
        )
        yield Found("abroad.information_sheet", message)


@rule(
    "annex-required",
    source="code de l’éducation, art. L. 124-20",
    since=INTERNSHIP_ACT,
    topic="abroad",
    severity=WARN,
    test="test_placement_abroad_has_its_information_sheet",
)
def abroad_assistance(case: Case) -> Iterator[Found]:
    """Agriculture, abroad: an assistance contract (repatriation, legal help) is taken."""
    if case.profile.agricultural and case.facts.abroad and "assistance" not in case.facts.abroad:
        yield Found("abroad.assistance", "accueil à l’étranger : contrat d’assistance non mentionné")
