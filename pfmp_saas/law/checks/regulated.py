"""Regulated works (travaux réglementés): who may do them, and what must be done first."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import REGULATED_WORKS, WARN, Found, rule
from pfmp_saas.law.clocks import derogation_valid_until, medical_opinion_valid_until

_HERE = Path(__file__).parent
YOUNGEST = 15


@dataclass(frozen=True)
class Work:
    """A category of D4153-16 to -37. A mixed one is derogable or forbidden by its level.

    ``forbidden`` holds the levels that are never for a minor, each with its first day where it has one.
    """

    number: str
    title: str
    status: Literal["derogable", "forbidden", "mixed"]
    level: str = ""
    forbidden: Mapping[str, date | None] = field(default_factory=dict)
    allowed: str = ""
    banned: str = ""

    @property
    def source(self) -> str:
        """Return its article of the labour code."""
        return f"code du travail, art. D. 4153-{self.number}"

    def named(self) -> str:
        """Return « D. 4153-28 (machines dangereuses) »."""
        return f"travaux D. 4153-{self.number} ({self.title[:1].lower()}{self.title[1:]})"


@cache
def works() -> dict[str, Work]:
    """Return the categories by number; their titles are those that the conventions print."""
    own = json.loads((_HERE / "works.json").read_text(encoding="utf-8"))["works"]
    titles = json.loads((_HERE.parent / "works.json").read_text(encoding="utf-8"))["works"]
    return {
        number: Work(number, titles[number], **(data | {"forbidden": _dated(data.get("forbidden", {}))}))
        for number, data in own.items()
    }


def _dated(levels: Mapping[str, str | None]) -> dict[str, date | None]:
    return {level: date.fromisoformat(since) if since else None for level, since in levels.items()}


def _given(case: Case) -> tuple[Work, ...]:
    return tuple(works()[number] for number in case.facts.works)


def _banned(case: Case, work: Work) -> bool:
    """Tell whether a work is never for a minor, by its level and the law of the placement's first day."""
    if work.status != "mixed":
        return work.status == "forbidden"
    level = case.facts.levels.get(work.level, "")
    since, first = work.forbidden.get(level), case.first_day
    return level in work.forbidden and (since is None or first is None or first >= since)


def derogable_works(case: Case) -> tuple[Work, ...]:
    """Return the works of a convention that a minor may do under a derogation."""
    return tuple(work for work in _given(case) if not _banned(case, work))


@rule(
    "regulated-work-age",
    source="code du travail, art. R. 4153-39",
    since=REGULATED_WORKS,
    topic="works",
    test="test_regulated_works_begin_on_the_fifteenth_birthday",
)
def regulated_work_age(case: Case) -> Iterator[Found]:
    """Derogable works from fifteen, on every worked date."""
    young = [day for day in case.present if day.age is not None and day.age < YOUNGEST]
    for work in derogable_works(case) if young else ():
        figures = f"{work.named()} pour {words.pupil(young[0].age)}"
        message = f"{words.day(young[0].date)} : {figures} ; {YOUNGEST}{words.NBSP}ans au moins"
        yield Found(_where(case, work), message)


@rule(
    "regulated-work-forbidden",
    source="code du travail, art. D. 4153-15 à D. 4153-37",
    since=REGULATED_WORKS,
    topic="works",
    test="test_each_work_is_derogable_or_forbidden_as_the_code_says",
)
def regulated_work_forbidden(case: Case) -> Iterator[Found]:
    """Some works are never for a minor; a category with levels must say which."""
    minor = case.minor_dates
    for work in _given(case) if minor else ():
        if _banned(case, work):
            level = f", {work.banned}" if work.banned else ""
            message = f"{work.named()}{level} : jamais pour un mineur, qu’est l’élève le {words.plain_day(minor[0])}"
            yield Found(_where(case, work), message)
        elif work.status == "mixed" and work.level not in case.facts.levels:
            said = f"{work.allowed} avec dérogation, {work.banned} jamais pour un mineur"
            message = f"{work.named()} : {said} ; précisez lequel"
            yield Found(_where(case, work), message, severity=WARN)


@rule(
    "medical-opinion-missing",
    source="code du travail, art. R. 4153-40 (5°)",
    since=REGULATED_WORKS,
    topic="works",
    severity=WARN,
    test="test_a_medical_opinion_with_reservations_says_what_to_avoid",
)
def medical_opinion_reserved(case: Case) -> Iterator[Found]:
    """An opinion with reservations says what the post must avoid, and nothing of the pupil's health."""
    if (
        case.facts.student.medical_opinion_reserved
        and "student.medical_opinion_note" not in case.facts.filled
    ):
        message = "avis médical avec réserves : dites ce que le poste doit éviter, sans détail de santé"
        yield Found("student.medical_opinion_note", message)


def _where(case: Case, work: Work) -> str:
    return f"works[{case.facts.works.index(work.number)}]"


@rule(
    "derogation-missing",
    source="code du travail, art. R. 4153-40 et R. 4153-41",
    since=REGULATED_WORKS,
    topic="works",
    test="test_host_declares_before_a_minor_does_regulated_works",
)
def derogation_missing(case: Case) -> Iterator[Found]:
    """A minor does derogable works only after the host's declaration to the inspector."""
    minor, sent = case.minor_dates, case.facts.host.derogation_sent_on
    if not minor or not derogable_works(case):
        return
    if sent is None:
        message = f"{_list(case)} : déclaration de dérogation de l’organisme d’accueil absente"
        yield Found("host.derogation_sent_on", message)
    elif sent > minor[0]:
        figures = f"déclaration envoyée le {words.plain_day(sent)}"
        message = f"{figures}, après le premier jour ({words.plain_day(minor[0])})"
        yield Found("host.derogation_sent_on", message)


def _list(case: Case) -> str:
    return "travaux " + ", ".join(f"D. 4153-{work.number}" for work in derogable_works(case))


@rule(
    "derogation-expired",
    source="code du travail, art. R. 4153-44",
    since=REGULATED_WORKS,
    topic="works",
    test="test_derogation_lasts_three_years_from_sending",
)
def derogation_expired(case: Case) -> Iterator[Found]:
    """The declaration is valid three years from sending: to the last day worked as a minor."""
    minor, sent = case.minor_dates, case.facts.host.derogation_sent_on
    if not minor or sent is None or not derogable_works(case):
        return
    until = derogation_valid_until(sent)
    if until < minor[-1]:
        figures = f"dérogation envoyée le {words.plain_day(sent)}, valable jusqu’au {words.plain_day(until)}"
        message = f"{figures} ; présence jusqu’au {words.plain_day(minor[-1])}"
        yield Found("host.derogation_sent_on", message)


@rule(
    "medical-opinion-missing",
    source="code du travail, art. R. 4153-40 (5°)",
    since=REGULATED_WORKS,
    topic="works",
    test="test_medical_opinion_is_yearly",
)
def medical_opinion_missing(case: Case) -> Iterator[Found]:
    """A minor assigned to derogable works has a medical opinion given within the year."""
    minor, given = case.minor_dates, case.facts.student.medical_opinion_on
    if not minor or not derogable_works(case):
        return
    where = "student.medical_opinion_on"
    if given is None:
        yield Found(where, f"{_list(case)} : avis médical d’aptitude absent")
    elif given > minor[0]:
        message = (
            f"avis médical du {words.plain_day(given)}, après le premier jour ({words.plain_day(minor[0])})"
        )
        yield Found(where, message)
    elif medical_opinion_valid_until(given) < minor[-1]:
        message = (
            f"avis médical du {words.plain_day(given)} : plus d’un an avant le {words.plain_day(minor[-1])}"
        )
        yield Found(where, message)
