"""The week and the dated days as data: midnight is 24:00, a night is two days, nothing is stored to fail later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfmp_saas.conventions import filling
from pfmp_saas.conventions.hours import DAYS, read_days, read_week, shown_days, shown_week
from pfmp_saas.core.spellings import clock
from pfmp_saas.law.reader import Reader


def typed(**halves):
    return {
        f"{day}.{half}.{end}": text
        for name, pair in halves.items()
        for day, half in [name.split("_")]
        for end, text in zip(("start", "end"), pair, strict=True)
    }


def test_midnight_as_an_end_is_twenty_four():
    for end in ("00:00", "24:00", "minuit", "0h", "24h"):
        week, wrong = read_week(typed(monday_pm=("18:00", end)))
        assert (week["monday"], wrong) == ([["18:00", "24:00"]], {})


def test_a_night_is_the_end_of_a_day_and_the_beginning_of_the_next():
    week, wrong = read_week(
        typed(sunday_pm=("22h", "6h"), monday_am=("10h", "12h"), monday_pm=("22:00", "2:00"))
    )
    assert wrong == {}
    assert week["sunday"] == [["22:00", "24:00"]]
    assert week["monday"] == [["00:00", "06:00"], ["10:00", "12:00"], ["22:00", "24:00"]]
    assert week["tuesday"] == [["00:00", "02:00"]]


@pytest.mark.parametrize(
    ("form", "where", "said"),
    [
        (typed(monday_am=("24:00", "06:00")), "monday.am", "finit une journée et n’en commence pas une"),
        (typed(monday_am=("12h", "8h")), "monday.am", "Lundi : la fin (08:00) précède le début (12:00)"),
        (typed(monday_am=("8h", "")), "monday.am", "donnez une heure de début et une heure de fin"),
        (typed(monday_am=("25:00", "26:00")), "monday.am", "n’est pas une heure de la journée"),
        (typed(monday_am=("8h", "13h"), monday_pm=("12h", "17h")), "monday.pm", "commence avant la fin du matin"),
        (typed(monday_pm=("22h", "6h"), tuesday_am=("5h", "9h")), "tuesday.am", "se chevauchent, 00:00-06:00 et 05:00-09:00"),
    ],
)  # fmt: skip
def test_a_week_that_would_fail_later_is_refused_where_it_is_typed(form, where, said):
    _, wrong = read_week(form)
    assert said in wrong[where]


hour = st.sampled_from(
    ["", "0h", "6h", "8h30", "12:00", "1330", "18h", "20.15", "22 h", "24:00", "minuit", "midi"]
)


@given(
    form=st.fixed_dictionaries(
        {},
        optional={f"{d}.{h}.{e}": hour for d in DAYS for h in ("am", "pm", "more") for e in ("start", "end")},
    )
)
def test_a_week_that_is_read_is_a_timetable_and_is_shown_as_it_is(form):
    week, wrong = read_week(form)
    if wrong:
        return
    assert Reader({"timetable": week}).week("timetable")
    assert read_week(shown_week({"timetable": week})) == (week, {})


def test_a_third_range_is_read_in_its_order():
    week, wrong = read_week(typed(monday_am=("8h", "10h"), monday_more=("20h", "minuit")))
    assert (week["monday"], wrong) == ([["08:00", "10:00"], ["20:00", "24:00"]], {})
    _, wrong = read_week(typed(monday_pm=("13h", "17h"), monday_more=("16h", "18h")))
    assert "la troisième plage commence avant la fin" in wrong["monday.more"]


def test_two_lines_of_one_day_are_one_day():
    assert read_days("12/01/2027 8h-12h\n12/01/27 : 13h30-17h\n12 janvier 2027 8h-12h") == {
        "2027-01-12": [["08:00", "12:00"], ["13:30", "17:00"]]
    }
    assert read_days("1er mars 2027 repos\nlundi 1er mars 2027 : repos") == {"2027-03-01": []}


def test_a_dated_night_goes_into_the_next_day_s_own_line():
    assert read_days("12/01/2027 22h-6h\n13/01/2027 10h-12h\n") == {
        "2027-01-12": [["22:00", "24:00"]],
        "2027-01-13": [["00:00", "06:00"], ["10:00", "12:00"]],
    }
    assert read_days("12/01/2027 18:00-00:00") == {"2027-01-12": [["18:00", "24:00"]]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12/01/2027 24:00–06:00", "finit une journée et n’en commence pas une"),
        ("12/01/2027 8h-12h 11h-13h", "deux plages se chevauchent, 08:00-12:00 et 11:00-13:00"),
        ("12/01/2027 8h-12h\n12/01/2027 11h-13h", "12/01/2027 : deux plages se chevauchent"),
        ("12/01/2027 8h-12h\n12/01/2027 repos", "dit de repos sur une ligne et travaillé sur une autre"),
        ("12/01/2027 22h-6h", "la nuit finit le 13/01/2027 ; donnez aussi la ligne de ce jour"),
        ("12/01/2027", "écrivez « 12/01/2027 08:00-12:00"),
        ("12/01/2027 peut-être", "écrivez « 12/01/2027 08:00-12:00"),
        ("demain 8h-12h", "écrivez « 12/01/2027 08:00-12:00"),
        ("31/02/2027 8h-12h", "n’est pas une date du calendrier"),
        ("12/01/2027 8h-12h peut-être", "n’est pas une plage"),
        ("\n".join(["12/01/2027 repos"] * 201), "200 jours au plus"),
    ],
)
def test_a_dated_day_that_would_fail_later_is_refused(text, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        read_days(text)


@pytest.mark.parametrize(
    ("typed_hours", "pauses", "left"),
    [
        ("8h-17h", "12h-13h", ["08:00-12:00", "13:00-17:00"]),
        ("8h-17h", "15h-15h15 12h-12h45", ["08:00-12:00", "12:45-15:00", "15:15-17:00"]),
        ("8h-12h 13h30-17h", "", ["08:00-12:00", "13:30-17:00"]),
        ("22h-6h", "", ["22:00-30:00"]),
        ("repos", "", []),
    ],
)
def test_pauses_are_taken_out_of_the_hours(typed_hours, pauses, left):
    found = filling.without_pauses(filling.read_hours(typed_hours), filling.read_pauses(pauses))
    assert [f"{clock(start)}-{clock(end)}" for start, end in found] == left


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pauses": "12h-13h"}, "Écrivez aussi les heures"),
        ({"hours": "8h-12h", "pauses": "12h-13h"}, "n’est pas à l’intérieur des heures"),
        ({"hours": "22h-6h", "pauses": "23h-23h30"}, "tombe une nuit"),
        ({"hours": "8h-9h 10h-11h 12h-13h 14h-15h"}, "3 plages par jour au plus ; il y en a 4"),
        ({"hours": "8h-17h", "days": ()}, "Cochez les jours"),
        ({"hours": "8h-17h", "when": "paires", "data": {}}, "Donnez d’abord les dates"),
        ({"hours": "22h-6h", "when": "paires"}, "s’écrit jour par jour"),
        ({"hours": "8h-17h", "when": "paires", "text": "demain"}, "« demain »"),
    ],
)
def test_hours_that_cannot_be_written_once_say_why(given, said):
    with pytest.raises(ValueError, match=said):
        fill(**given)


def fill(hours="", pauses="", days=("monday", "friday"), when="", text="", data=None):
    placement = {"periods": [{"start": "2027-05-05", "end": "2027-05-28"}], "host": {"territory": "21"}}
    read = Reader(placement if data is None else data)
    return filling.filled(
        {"days": text}, read, filling.read_hours(hours), filling.read_pauses(pauses), days, when
    )


def test_one_week_in_two_becomes_dated_days_and_a_public_holiday_stays_one():
    every = fill("8h-17h", "12h-13h")
    assert every["friday.pm.start"] == "13:00"
    assert not any(name.startswith("tuesday") for name in every)
    second = fill("repos", when="paires", text="05/05/2027 8h-12h")["days"]  # weeks of 10 and 24 May
    assert (
        second
        == "05/05/2027 08:00-12:00\n10/05/2027 repos\n14/05/2027 repos\n24/05/2027 repos\n28/05/2027 repos"
    )
    first = fill("8h-17h", when="impaires")["days"]  # 17 May is Whit Monday: it stays a day off
    assert first == "07/05/2027 08:00-17:00\n21/05/2027 08:00-17:00"
    apart = Reader(
        {"periods": [{"start": "2027-05-05", "end": "2027-05-28"}], "days": read_days(first)}
    ).presence
    assert [(f"{monday:%d/%m}", length) for monday, length in filling.weeks_apart(apart)] == [
        ("03/05", "9\N{NO-BREAK SPACE}h"), ("17/05", "9\N{NO-BREAK SPACE}h")
    ]  # fmt: skip


marks = st.sets(st.integers(0, 96).map(lambda quarter: clock(15 * quarter)), max_size=6)
slots = marks.map(sorted).map(lambda day: [list(pair) for pair in zip(day[::2], day[1::2], strict=False)])


@given(
    days=st.dictionaries(
        st.dates().filter(lambda d: 1950 <= d.year < 2050).map(lambda d: d.isoformat()), slots, max_size=4
    )
)
def test_dated_days_are_shown_as_they_are_read(days):
    assert read_days(shown_days(days)) == dict(sorted(days.items()))
