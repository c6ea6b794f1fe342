"""The nearest lawful timetable: no finding on hours is left, nothing moves without need, the total stays where it can."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp_saas.law.facts import parse
from pfmp_saas.law.repair import HOURS, Repair, repair
from pfmp_saas.types.loader import get_type
from tests.support.law import WEEK, aged, convention, findings, hours

DAY = [["08:00", "12:00"], ["13:30", "16:30"]]


def mended(data):
    facts = parse(data)
    return repair(facts, profile=get_type(facts.type).profile)


def on_hours(data):
    return [found.code for found in findings(data) if found.code in HOURS]


def applied(data, found):
    return copy.deepcopy(data) | {"timetable": found.timetable, "days": found.days}


def week(**days):
    return {f"timetable__{day}": days.get(day, []) for day in WEEK}


NIGHT = {"presence__night": "Désigné par le proviseur"}
CASES = {
    "an hour too long goes to another day": (
        aged(16, **week(tuesday=[["08:00", "12:00"], ["13:00", "18:00"]], friday=[["08:00", "12:00"]])),
        240, 0, {"tuesday": [["08:00", "12:00"], ["13:00", "17:00"]]},
    ),
    "a break is put at noon and the day ends later": (
        aged(16, **week(tuesday=[["08:00", "15:00"]])), 120, 0, {"tuesday": [["08:00", "12:00"], ["12:30", "15:30"]]},
    ),
    "a short break is made longer": (
        aged(16, **week(tuesday=[["08:00", "12:00"], ["12:15", "15:15"]])), 60, 0, None,
    ),
    "a run a little too long is cut": (
        aged(16, **week(tuesday=[["08:00", "12:45"], ["14:00", "16:00"]])), 60, 0,
        {"tuesday": [["08:00", "12:30"], ["14:00", "16:15"]]},
    ),
    "Sunday moves to a free day": (
        aged(16, **week(monday=DAY, tuesday=DAY, sunday=DAY)), 3 * 420, 0,
        {"sunday": [], "friday": DAY},
    ),
    "the night becomes the evening": (
        aged(16, **week(tuesday=[["16:00", "20:00"], ["20:30", "23:00"]])), 240, 0,
        {"tuesday": [["14:30", "15:30"], ["16:00", "20:00"], ["20:30", "22:00"]]},
    ),
    "a week of forty hours loses five": (
        aged(16, **week(**{day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in WEEK[:5]})), 4 * 300, -4 * 300,
        {"friday": [["08:00", "11:00"]]},
    ),
    "two days off": (
        aged(16, **week(**{day: [["08:00", "12:00"]] for day in WEEK[:6]})), 3 * 240, 0, None,
    ),
    "the rest of a night comes whole": (
        aged(18, **NIGHT, **week(tuesday=[["14:00", "22:00"]], wednesday=[["07:00", "12:00"]])), None, 0, None,
    ),
    "a grown-up's six hours get a break": (
        aged(18, **week(tuesday=[["08:00", "14:00"]])), 80, 0, {"tuesday": [["08:00", "12:00"], ["12:20", "14:20"]]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_nearest_lawful_timetable(name):
    data, moved, lost, expected = CASES[name]
    assert on_hours(data)
    found = mended(data)
    assert isinstance(found, Repair)
    assert on_hours(applied(data, found)) == []
    assert found.total_after - found.total_before == lost, found
    assert moved in (None, found.moved_minutes), found
    for day, slots in (expected or {}).items():
        assert found.timetable[day] == slots, found


@st.composite
def a_day(draw):
    marks = sorted(draw(st.sets(st.integers(0, 96).map(lambda quarter: 15 * quarter), max_size=6)))
    return [[hours(a), hours(b)] for a, b in zip(marks[::2], marks[1::2], strict=False)]


births = st.dates(
    parse(convention()).student.birth_date.replace(year=2007),
    parse(convention()).student.birth_date.replace(year=2013),
)
kinds = st.sampled_from(["national-2016", "agricole", "lycee-pyrene", "bts-stage"])
dates = st.sampled_from(["2027-01-11", "2027-01-12", "2027-01-17", "2027-01-30", "2027-02-05", "2027-05-01"])


@settings(max_examples=60, deadline=None)
@given(
    slots=st.lists(a_day(), min_size=7, max_size=7), born=births, kind=kinds, days=st.dictionaries(dates, a_day(), max_size=3),
    modulated=st.booleans(), end=st.sampled_from(["2027-01-14", "2027-02-05"]), school=st.sampled_from([[], [["17:00", "19:00"]]]),
)  # fmt: skip
def test_what_is_mended_has_no_finding_on_hours(slots, born, kind, days, modulated, end, school):
    data = convention(
        type=kind, student__birth_date=born.isoformat(), timetable=dict(zip(WEEK, slots, strict=True)), days=days, works=[],
        host__modulated=modulated, periods=[{"start": "2027-01-11", "end": end}], school_timetable={"monday": school},
    )  # fmt: skip
    found = mended(data)
    assert mended(data) == found
    if isinstance(found, str):
        assert on_hours(data)
        return
    assert on_hours(applied(data, found)) == []
    assert found.total_after <= found.total_before
    assert found.moved_minutes >= found.total_before - found.total_after
    if not on_hours(data):
        assert (found.moved_minutes, found.total_after) == (0, found.total_before)
        assert on_hours(applied(data, found)) == []
    again = mended(applied(data, found))
    assert isinstance(again, Repair)
    assert again.moved_minutes == 0


def test_school_hours_alone_over_the_limit_cannot_be_mended():
    data = aged(16, type="agricole", school_timetable={"monday": [["08:00", "18:00"]]})
    assert "les heures de cours" in mended(data)


def test_nothing_left_is_no_repair():
    assert "aucune heure" in mended(
        aged(16, **week(sunday=DAY), periods=[{"start": "2027-01-17", "end": "2027-01-17"}])
    )


@pytest.mark.parametrize("last", ["2027-01-13", "2027-01-15", "2027-01-20", "2027-02-05"])
def test_a_modulated_average_is_repaired_whatever_part_of_a_week_the_placement_holds(last):
    long = [["08:00", "12:00"], ["13:30", "17:30"]]
    bent = {"periods": [{"start": "2027-01-11", "end": last}], "host__modulated": True}
    data = aged(18, **bent, **week(**dict.fromkeys(WEEK[:5], long)))
    assert on_hours(data) == ["weekly-hours"]
    found = mended(data)
    assert isinstance(found, Repair)
    assert on_hours(applied(data, found)) == []
    worked = found.total_before // 480
    assert found.total_after == worked * 420  # an hour a day is taken, not a minute more
