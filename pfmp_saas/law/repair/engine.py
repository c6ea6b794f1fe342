"""The nearest lawful timetable: take away what the law wants gone, then give back what it allows elsewhere."""

from dataclasses import dataclass, replace
from datetime import date

from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.profile import Profile
from pfmp_saas.law.checks.words import french
from pfmp_saas.law.facts import Facts
from pfmp_saas.law.presence import Hours, minutes_of
from pfmp_saas.law.repair import telling
from pfmp_saas.law.repair.giving import Giver
from pfmp_saas.law.repair.plan import around, faults, first_plan, planned
from pfmp_saas.law.repair.slots import minus
from pfmp_saas.law.repair.taking import MENDERS

ROUNDS = 80
"""Rounds of mending, at most: each takes minutes away, and a day needs few."""
_NONE_LEFT = "il ne resterait aucune heure de présence."
_NOT_FOUND = "aucun horaire voisin ne respecte toutes les règles : les heures de cours, ou d’autres, passent la limite."


@dataclass(frozen=True)
class Repair:
    """A lawful timetable, as FILE.json writes it, and what it changes. Totals and moved minutes are the placement's.

    ``moved_minutes`` are those of presence that no longer stand where they stood.
    """

    timetable: dict[str, object]
    days: dict[str, object]
    moved_minutes: int
    total_before: int
    total_after: int
    changes: tuple[str, ...]


def repair(facts: Facts, *, profile: Profile) -> Repair | str:
    """Return the nearest timetable on which no rule on hours finds anything, or why there is none, in French.

    One repair mends all the findings on hours. Deterministic; the minutes taken are the fewest for each finding, not
    proved the fewest for all together. Where the hours are lawful it changes nothing.
    """
    case = Case(facts, profile)
    before = first_plan(case)
    plan = _taken(case, before)
    if plan is None:
        return french(_NOT_FOUND)
    if before and not any(plan.values()) and any(before.values()):
        return french(_NONE_LEFT)
    plan = _given(case, before, plan)
    return _written(case, before, plan)


def _taken(case: Case, before: dict[date, Hours]) -> dict[date, Hours] | None:
    """Return a plan without fault, made of hours of ``before`` only; None where mending takes nothing more away."""
    plan = dict(before)
    for _ in range(ROUNDS):
        broken = faults(planned(case, plan))
        if broken is None:
            return plan
        code, found = broken
        former = dict(plan)
        for one in found:
            plan |= MENDERS[code](around(case, plan, one.day), one)
        if plan == former:
            return None
    return None


def _given(case: Case, before: dict[date, Hours], plan: dict[date, Hours]) -> dict[date, Hours]:
    if plan == before:
        return plan
    giver = Giver(case, before, plan)
    giver.give()
    return giver.plan if faults(planned(case, giver.plan)) is None else plan


def _written(case: Case, before: dict[date, Hours], plan: dict[date, Hours]) -> Repair | str:
    week = telling.usual_week(case, plan)
    days = telling.dated(case, plan, week)
    if faults(Case(replace(case.facts, timetable=week, days=days), case.profile)) is not None:
        return french(_NOT_FOUND)
    total_before, total_after = (sum(map(minutes_of, each.values())) for each in (before, plan))
    moved = sum(minutes_of(minus(before[day], plan[day])) for day in before)
    told = [*telling.changes(case, week, days), telling.total(total_before, total_after)]
    timetable, dated = telling.as_json(week, days)
    return Repair(timetable, dated, moved, total_before, total_after, tuple(map(french, told)))
