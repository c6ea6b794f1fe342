"""Properties that hold for every timetable, and the time that a check takes."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp_saas.law.facts import parse
from tests.support.law import WEEK, aged, convention, findings, hours

REST = ("daily-rest", "weekly-rest")

BIRTHS = st.integers(0, 6 * 365).map(lambda days: (date(2008, 1, 1) + timedelta(days=days)).isoformat())
TYPES = st.sampled_from(["national-2016", "agricole", "lycee-pyrene", "bts-stage"])


@st.composite
def a_day(draw):
    marks = sorted(draw(st.sets(st.integers(0, 96).map(lambda quarter: 15 * quarter), max_size=6)))
    return [[hours(a), hours(b)] for a, b in zip(marks[::2], marks[1::2], strict=False)]


@st.composite
def a_lawful_minor_day(draw):
    start = draw(st.integers(6 * 60, 11 * 60))
    length = draw(st.integers(30, 240))
    pause = draw(st.integers(30, 90))
    return [
        [hours(start), hours(start + length)],
        [hours(start + length + pause), hours(start + length + pause + 150)],
    ]


weeks = st.lists(a_day(), min_size=7, max_size=7)


def told(data):
    return {(found.code, found.where) for found in findings(data)}


@settings(max_examples=150, deadline=None)
@given(week=weeks, born=BIRTHS, kind=TYPES, day=st.integers(0, 6), cut=st.data())
def test_adding_a_break_never_adds_a_finding(week, born, kind, day, cut):
    timetable = dict(zip(WEEK, week, strict=True))
    data = convention(type=kind, student__birth_date=born, timetable=timetable, works=[])
    slots = timetable[WEEK[day]]
    if not slots:
        return
    start, end = cut.draw(st.sampled_from(slots))
    first, last = (60 * int(text[:2]) + int(text[3:]) for text in (start, end))
    if last - first < 3:
        return
    out = cut.draw(st.integers(first + 1, last - 2))
    back = cut.draw(st.integers(out + 1, last - 1))
    broken = [slot for slot in slots if slot != [start, end]] + [[start, hours(out)], [hours(back), end]]
    after = convention(
        type=kind, student__birth_date=born, timetable=timetable | {WEEK[day]: broken}, works=[]
    )
    assert told(after) <= told(data)


@settings(max_examples=150, deadline=None)
@given(week=st.lists(a_lawful_minor_day(), min_size=5, max_size=5), age=st.integers(14, 17), kind=TYPES)
def test_what_a_minor_may_do_is_permitted_at_eighteen(week, age, kind):
    timetable = dict(zip(WEEK, [*week, [], []], strict=True))
    as_minor = told(aged(age, type=kind, timetable=timetable))
    as_adult = told(aged(18, type=kind, timetable=timetable))
    assert as_adult <= as_minor


@settings(max_examples=100, deadline=None)
@given(week=weeks, born=BIRTHS, kind=TYPES)
def test_findings_are_the_same_each_time_and_point_into_the_file(week, born, kind):
    data = convention(type=kind, student__birth_date=born, timetable=dict(zip(WEEK, week, strict=True)))
    first = findings(data)
    assert first == findings(data)
    for found in first:
        assert found.message
        assert found.severity in ("block", "warn")
        assert found.where.split(".")[0].split("[")[0] in {*data, "presence", "regulated"}


@settings(max_examples=100, deadline=None)
@given(week=weeks, extra=st.integers(1, 60))
def test_a_longer_day_never_loses_the_daily_hours_finding(week, extra):
    timetable = dict(zip(WEEK, week, strict=True)) | {"monday": [["06:00", hours(14 * 60 + extra)]]}
    assert ("daily-hours", "timetable.monday") in told(convention(timetable=timetable))


@settings(max_examples=100, deadline=None)
@given(week=weeks, born=BIRTHS, kind=TYPES, off=st.integers(0, 25))
def test_a_day_off_never_adds_a_finding_of_rest(week, born, kind, off):
    data = convention(type=kind, student__birth_date=born, timetable=dict(zip(WEEK, week, strict=True)))
    free = date.fromisoformat(data["periods"][0]["start"]) + timedelta(days=off)
    after = data | {"days": {**data.get("days", {}), free.isoformat(): []}}
    faults = {found.code for found in findings(data)}
    assert {found.code for found in findings(after) if found.code in REST} <= faults


@settings(max_examples=100, deadline=None)
@given(week=weeks, born=BIRTHS, kind=TYPES, day=st.integers(0, 6), cut=st.data())
def test_a_day_written_in_two_ranges_has_the_same_hours(week, born, kind, day, cut):
    timetable = dict(zip(WEEK, week, strict=True))
    if not (slots := timetable[WEEK[day]]):
        return
    start, end = cut.draw(st.sampled_from(slots))
    first, last = (60 * int(text[:2]) + int(text[3:]) for text in (start, end))
    middle = hours(cut.draw(st.integers(first + 1, last - 1)))
    split = [slot for slot in slots if slot != [start, end]] + [[start, middle], [middle, end]]
    data = convention(type=kind, student__birth_date=born, timetable=timetable)
    after = convention(type=kind, student__birth_date=born, timetable=timetable | {WEEK[day]: sorted(split)})
    assert parse(after).presence.minutes == parse(data).presence.minutes
    assert told(after) == told(data)
