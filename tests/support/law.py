"""A lawful convention to be bent by the tests of the law."""

import copy
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pfmp_saas.law.checks import Finding, run
from pfmp_saas.law.facts import parse
from pfmp_saas.types.loader import get_type

NATIONAL: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "national-2016.json").read_text(encoding="utf-8")
)
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = [["08:00", "12:00"], ["13:30", "16:30"]]
MONDAY = date(2027, 1, 11)  # the first day of the placement, which ends on Friday 5 February


def convention(**changes: Any) -> dict[str, Any]:
    """The national example; ``student__birth_date="2011-01-01"`` changes one path, None included."""
    data = copy.deepcopy(NATIONAL)
    for path, value in changes.items():
        *parents, last = path.split("__")
        target = data
        for key in parents:
            target = target.setdefault(key, {})
        target[last] = value
    return data


def aged(years: int, on: date = MONDAY, **changes: Any) -> dict[str, Any]:
    """A convention whose pupil has this age on ``on``, no birthday near; adults name a guardian too."""
    born = on.replace(year=on.year - years) - timedelta(days=100)
    return convention(**{"student__birth_date": born.isoformat(), "works": [], **changes})


def findings(data: dict[str, Any]) -> tuple[Finding, ...]:
    facts = parse(data)
    return run(facts, profile=get_type(facts.type).profile)


def codes(data: dict[str, Any], severity: str | None = None) -> list[str]:
    return [found.code for found in findings(data) if severity in (None, found.severity)]


def blocks(data: dict[str, Any]) -> set[str]:
    return set(codes(data, "block"))


def places(data: dict[str, Any], code: str) -> list[str]:
    return [found.where for found in findings(data) if found.code == code]


def message(data: dict[str, Any], code: str) -> str:
    """The one message of ``code``, its non-breaking spaces made plain."""
    (found,) = [found.message for found in findings(data) if found.code == code]
    return found.replace("\N{NO-BREAK SPACE}", " ")


def hours(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def paths(value: Any, prefix: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*prefix, key)
        yield from paths(child, (*prefix, key))


RICH = convention(
    regulated={"loads_planned": True, "electrical_planned": True, "places": "Atelier"},
    school__holidays=[{"start": "2027-01-16", "end": "2027-01-31"}],
    student__loads_fitness_on="2026-11-02",
    student__electrical_training_on="2026-06-15",
    student__electrical_habilitation_on="2027-01-11",
    student__course_outside_school_time=True,
    student__cycle_weeks=18,
    student__sequences_done=4,
    finance__gratification={"hourly": 4.5, "branch_minimum": 5, "payment": "Virement"},
    host__previous_placement={"start": "2026-11-30", "end": "2027-01-08"},
)
"""The example with what it does not say: loads, electricity, holidays, sequences, an agreement, a post."""
PATHS = list(paths(RICH))
odd = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just("2027-02-30"), st.just("25:00"),
    st.just("24:00"), st.just([]), st.just({}), st.just([[]]), st.just([["08:00", "12:00"]]), st.just(10**30),
    st.just("2027-01-12"), st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.sampled_from(["start", "end", "2027-01-12", "x"]), st.text(max_size=3), max_size=2),
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """The example at its richest with one to three values made odd."""
    data = copy.deepcopy(RICH)
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3)):
        target: Any = data
        for key in path[:-1]:
            inside = isinstance(target, dict) and key in target
            inside = inside or (isinstance(target, list) and isinstance(key, int) and key < len(target))
            if not inside:
                break
            target = target[key]
        else:
            if isinstance(target, dict) or (isinstance(target, list) and path[-1] in range(len(target))):
                target[path[-1]] = copy.deepcopy(draw(odd))
    return data
