"""Annexes that the facts make compulsory."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pfmp_saas.core.text import fold
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import INTERNSHIP_ACT, LABOUR_CODE, REGULATED_WORKS, WARN, Found, rule
from pfmp_saas.law.checks.regulated import works
from pfmp_saas.law.territories import ABROAD, CODES, UNHELD, territory

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
    """Abroad: the sheet on the host country's rules is annexed. Assistance alone may be for a placement overseas."""
    away = case.facts.abroad - {"assistance"} or case.facts.out_of_france
    if away and "information_sheet" not in case.facts.abroad:
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
    """Agriculture, abroad and overseas: an assistance contract (repatriation, legal help) is taken (S-agr 14)."""
    where = _far(case) if case.profile.agricultural else ""
    if where and "assistance" not in case.facts.abroad:
        yield Found("abroad.assistance", f"{where} : contrat d’assistance non mentionné")


def _far(case: Case) -> str:
    """Say how a host is far: abroad, or overseas for a school that is not there; "" for one that is not."""
    if case.facts.out_of_france:
        return "accueil à l’étranger"
    here, there = case.facts.school_territory, case.facts.host.territory
    overseas = there is not None and (there in UNHELD or (there in CODES and territory(there).overseas))
    return "accueil outre-mer" if overseas and there != here else ""


@rule(
    "annex-required",
    source="convention-type de l’enseignement agricole, art. 14 et 15",
    since=INTERNSHIP_ACT,
    topic="abroad",
    severity=WARN,
    test="test_abroad_the_pupil_s_health_is_covered",
)
def abroad_health(case: Case) -> Iterator[Found]:
    """Agriculture, abroad: the European health card inside the Union, a cover of one's own outside it."""
    if not case.profile.agricultural or not case.facts.out_of_france:
        return
    country = fold(case.facts.texts.get("abroad.country", ""))
    inside = country in _covered()
    name, asked = (
        ("european_card", "carte européenne d’assurance maladie")
        if inside
        else ("health_cover", "couverture maladie souscrite")
    )
    if name not in case.facts.abroad:
        yield Found(f"abroad.{name}", f"accueil à l’étranger : {asked} non mentionnée")


@cache
def _covered() -> frozenset[str]:
    """Return the countries where the European health insurance card is taken, as they are compared."""
    read = json.loads(Path(__file__).with_name("european_card.json").read_text(encoding="utf-8"))
    return frozenset(map(fold, read["countries"]))


@rule(
    "annex-required",
    source="convention-type de l’enseignement agricole, art. 14",
    since=INTERNSHIP_ACT,
    severity=WARN,
    test="test_the_insurer_of_a_vehicle_is_told",
)
def vehicle_insured(case: Case) -> Iterator[Found]:
    """Agriculture: the insurer of a vehicle that the pupil uses, the host's or his own, is told."""
    filled = case.facts.filled
    if case.profile.agricultural and "vehicle.used" in filled and "vehicle.insurer_told" not in filled:
        yield Found("vehicle.insurer_told", "véhicule utilisé par l’élève : son assureur n’est pas prévenu")


@rule(
    "public-holiday",
    source="code du travail, art. L. 3133-1 et L. 3422-2",
    since=LABOUR_CODE,
    severity=WARN,
    test="test_a_place_whose_calendar_is_not_held_is_told",
)
def place_not_held(case: Case) -> Iterator[Found]:
    """A place, of the host or of the school, whose public holidays and accident fund the service does not hold: the school checks them."""
    host, school = case.facts.host.territory, case.facts.school_territory
    if host in UNHELD:
        message = f"{_place(host)} : ni les jours fériés ni la caisse d’accidents du lieu ne sont tenus ici ; à vérifier auprès de l’organisme"
        yield Found("host.territory", message)
    if school in UNHELD:
        message = f"établissement {_place(school)} : ni son année d’enseignement, ni ses jours fériés, ni sa caisse d’accidents ne sont tenus ici ; à vérifier auprès du vice-rectorat"
        yield Found("school.territory", message)


def _place(code: str) -> str:
    return "à l’étranger" if code == ABROAD else f"{UNHELD[code]} ({code})"
