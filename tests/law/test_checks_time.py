"""Hours, breaks, rest, night, Sundays and holidays, each at its boundary."""

from datetime import date, timedelta

import pytest

from tests.support.law import (
    DAY,
    MONDAY,
    aged,
    blocks,
    codes,
    convention,
    findings,
    hours,
    message,
    places,
)

TUESDAY = (MONDAY + timedelta(days=1)).isoformat()


def week(**days):
    return {"timetable__" + day: slots for day, slots in days.items()}


def test_the_national_example_breaks_no_rule():
    assert findings(convention()) == ()


@pytest.mark.parametrize("years", [14, 15, 16, 17])
def test_minor_day_of_eight_hours_passes_and_one_minute_more_blocks(years):
    eight, longer = [["08:00", "12:00"], ["13:00", "17:00"]], [["08:00", "12:00"], ["13:00", "17:01"]]
    assert codes(aged(years, days={TUESDAY: eight}, timetable__friday=[])) == []
    assert codes(aged(years, days={TUESDAY: longer}, timetable__friday=[])) == ["daily-hours"]


def test_the_message_gives_day_date_hours_age_and_limit():
    data = aged(
        15, days={TUESDAY: [["08:00", "12:00"], ["13:15", "17:30"], ["17:30", "18:00"]]}, timetable__friday=[]
    )
    told = message(data, "daily-hours")
    assert told.startswith(
        "Mardi 12 janvier 2027 : 8 h 45 pour un élève de 15 ans ce jour-là ; 8 h au plus ; "
    )
    assert places(data, "daily-hours") == [f"days.{TUESDAY}"]


def test_a_fault_of_the_usual_week_is_told_once():
    data = aged(17, timetable__tuesday=[["08:00", "12:00"], ["13:00", "17:01"]], timetable__friday=[])
    assert places(data, "daily-hours") == ["timetable.tuesday"]
    assert message(data, "daily-hours").endswith("(de même 3 autres fois)")


def test_adult_day_of_ten_hours_passes_and_one_minute_more_blocks():
    ten, longer = [["08:00", "12:00"], ["13:00", "19:00"]], [["08:00", "12:00"], ["13:00", "19:01"]]
    assert codes(aged(18, days={TUESDAY: ten}, timetable__friday=[])) == []
    assert codes(aged(18, days={TUESDAY: longer}, timetable__friday=[])) == ["daily-hours", "break"]


def test_the_eighteenth_birthday_changes_the_day_s_limit():
    nine = [["08:00", "12:00"], ["13:00", "17:00"], ["17:30", "18:30"]]
    wednesday = (MONDAY + timedelta(days=2)).isoformat()
    data = convention(
        student__birth_date="2009-01-13", works=[], timetable__friday=[], timetable__thursday=[]
    )
    data["days"] = {TUESDAY: nine, wednesday: nine}  # seventeen on Tuesday, eighteen on Wednesday
    assert places(data, "daily-hours") == [f"days.{TUESDAY}"]


def test_minor_break_beyond_four_and_a_half_hours():
    def day(slots):
        return codes(aged(16, days={TUESDAY: slots}))

    assert day([["08:00", "12:30"]]) == []
    assert day([["08:00", "12:31"]]) == ["break"]
    assert day([["08:00", "12:00"], ["12:30", "15:30"]]) == []
    assert day([["08:00", "12:00"], ["12:29", "15:29"]]) == ["break"]


def test_adult_break_at_six_hours():
    def day(slots):
        return codes(aged(18, days={TUESDAY: slots}))

    assert day([["08:00", "13:59"]]) == []
    assert day([["08:00", "14:00"]]) == ["break"]
    assert day([["08:00", "14:00"], ["14:20", "15:00"]]) == []
    assert day([["08:00", "12:00"], ["12:19", "15:00"]]) == ["break"]


def test_a_break_is_looked_for_across_midnight():
    data = aged(18, presence__night="Désigné par le proviseur", timetable__thursday=[], timetable__monday=[])
    data["days"] = {"2027-01-12": [["20:00", "24:00"]], "2027-01-13": [["00:00", "03:00"]]}
    assert places(data, "break") == ["days.2027-01-12"]


@pytest.mark.parametrize(("years", "rest"), [(14, 14), (15, 14), (16, 12), (17, 12), (18, 11)])
def test_daily_rest_by_age_at_the_boundary(years, rest):
    def evening(end):  # Tuesday ends at `end`, Wednesday begins at 08:00
        data = aged(years, timetable__monday=[], timetable__friday=[])
        data["days"] = {TUESDAY: [[hours(end - 120), hours(end)]]}
        return [found for found in findings(data) if found.code == "daily-rest"]

    latest = (24 + 8 - rest) * 60
    assert evening(latest) == []
    (found,) = evening(latest + 1)
    assert found.where == f"days.{TUESDAY}"
    assert f"{rest - 1}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}59" in found.message


def test_night_work_that_crosses_midnight_rests_by_day():
    # 22:00 to 06:00 with a break, each night of the week: sixteen hours of rest follow
    data = aged(18, presence__night="Désignée par la proviseure", presence__sunday="non")
    for day in ("tuesday", "wednesday", "thursday"):
        data["timetable"][day] = [["00:00", "02:00"], ["02:30", "06:00"], ["22:00", "24:00"]]
    data["timetable"] |= {"monday": [["22:00", "24:00"]], "friday": [["00:00", "02:00"], ["02:30", "06:00"]]}
    assert codes(data) == []
    data["timetable"]["wednesday"] = [
        ["00:00", "02:00"],
        ["02:30", "06:00"],
        ["16:59", "18:00"],
        ["22:00", "24:00"],
    ]
    assert places(data, "daily-rest") == ["timetable.tuesday", "timetable.wednesday"]


@pytest.mark.parametrize("years", [14, 15, 16, 17])
def test_minor_week_of_thirty_five_hours_passes_and_one_minute_more_blocks(years):
    assert codes(aged(years)) == []
    data = aged(years, timetable__tuesday=[["08:00", "12:00"], ["13:30", "16:31"]])
    assert codes(data) == ["weekly-hours"]
    assert "35 h 01 pour un élève" in message(data, "weekly-hours")


def test_agricultural_child_under_fifteen_has_thirty_two_hours_school_included():
    short = [["08:00", "12:00"], ["13:30", "14:30"]]
    thirty_two = aged(14, type="agricole", timetable__wednesday=[["08:00", "12:00"]])
    assert codes(thirty_two) == []
    assert codes(aged(14, type="agricole", timetable__wednesday=short)) == ["weekly-hours"]
    assert codes(aged(15, type="agricole")) == []
    thirty_two["school_timetable"] = {"friday": [["17:00", "17:30"]]}
    assert codes(thirty_two) == ["weekly-hours"]
    assert "cours compris (30 min)" in message(thirty_two, "weekly-hours")


def test_school_hours_count_in_the_agricultural_day_only():
    school = {"monday": [["17:00", "18:01"]]}
    assert codes(aged(16, type="agricole", school_timetable=school, timetable__friday=[])) == ["daily-hours"]
    assert codes(aged(16, school_timetable=school, timetable__friday=[])) == []


def test_minor_weekly_rest_is_two_days_in_a_row():
    short = [["08:00", "12:00"]]
    assert codes(aged(16, **week(monday=[], saturday=short))) == []
    assert "weekly-rest" in blocks(aged(16, **week(saturday=short)))
    assert "weekly-rest" in blocks(aged(16, **week(wednesday=[], saturday=short)))


def test_days_outside_the_placement_are_rest_so_tuesday_to_saturday_passes_every_week():
    salon = {"works": [], **week(monday=[], saturday=DAY)}
    for years in (15, 16, 17):
        for end in ("2027-02-06", "2027-02-07"):
            data = aged(years, periods=[{"start": "2027-01-12", "end": end}], **salon)
            assert codes(data) == [], (years, end)
    assert "weekly-rest" in blocks(aged(16, **week(saturday=[["08:00", "09:00"]])))  # Monday to Saturday


def test_one_pair_of_rest_days_does_not_serve_two_weeks():
    # off on Sunday 17 and Monday 18 only, between six days before and five after with their Saturday
    data = aged(17, timetable__saturday=[["08:00", "09:00"]], timetable__friday=[["08:00", "12:00"]])
    data["days"] = {"2027-01-18": []}
    told = [found.message for found in findings(data) if found.code == "weekly-rest"]
    assert len(told) == 1
    assert "18\N{NO-BREAK SPACE}janvier" in told[0]


def test_rest_under_sixteen_includes_sunday():
    free = week(wednesday=[], thursday=[], sunday=[["08:00", "10:00"]])
    assert "weekly-rest" in blocks(aged(15, type="agricole", **free))
    assert "weekly-rest" not in blocks(aged(16, type="agricole", **free))


def test_adult_weekly_rest_is_thirty_five_hours():
    def saturday(end):  # from Saturday evening to Monday 08:00
        data = aged(18, **week(monday=[["08:00", "10:00"]], saturday=[[hours(end - 120), hours(end)]]))
        return "weekly-rest" in blocks(data)

    assert not saturday(21 * 60)
    assert saturday(21 * 60 + 1)


def test_adult_never_works_seven_days_a_week():
    hour = [["08:00", "09:00"]]
    seven = dict.fromkeys(("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), hour)
    data = aged(18, **week(monday=hour, **seven))
    assert "weekly-rest" in blocks(data)


def test_night_begins_at_twenty_under_sixteen_and_at_twenty_two_from_sixteen():
    def at(years, start, end):
        data = aged(years, timetable__monday=[], timetable__wednesday=[], days={TUESDAY: [[start, end]]})
        return "night" in blocks(data)

    assert not at(15, "17:00", "20:00")
    assert at(15, "17:00", "20:01")
    assert not at(16, "19:00", "22:00")
    assert at(16, "19:00", "22:01")
    assert not at(17, "06:00", "08:00")
    assert at(17, "05:59", "08:00")
    assert not at(18, "06:00", "22:00")


def test_the_sixteenth_birthday_opens_the_evening_on_that_day():
    late = [["17:00", "21:00"]]
    data = convention(
        student__birth_date="2011-01-13", works=[], timetable__thursday=[], timetable__friday=[]
    )
    data["days"] = {"2027-01-12": late, "2027-01-13": late}
    assert places(data, "night") == ["days.2027-01-12"]


@pytest.mark.parametrize("kind", ["national-2016", "lycee-pyrene"])
def test_adult_night_needs_the_head_to_name_the_pupil(kind):
    late = {"type": kind, "timetable__wednesday": [], "days": {TUESDAY: [["18:00", "22:30"]]}}
    assert blocks(aged(18, **late)) == {"night"}
    assert blocks(aged(18, presence__night="Léa Fontaine, désignée par la proviseure", **late)) == set()
    assert blocks(aged(18, **late | {"type": "bts-stage"})) == set()


@pytest.mark.parametrize("kind", ["national-2016", "lycee-pyrene", "bts-stage"])
def test_minor_never_works_on_sunday_outside_agriculture(kind):
    sunday = {"2027-01-17": [["08:00", "10:00"]], "2027-01-18": [], "2027-01-15": []}
    assert blocks(aged(17, type=kind, days=sunday)) == {"sunday"}
    assert blocks(aged(18, type=kind, days=sunday)) == set()


def test_the_head_may_record_a_sunday_derogation_in_the_national_model_only():
    sunday = {"2027-01-17": [["08:00", "10:00"]], "2027-01-18": [], "2027-01-15": []}
    recorded = [{"code": "sunday", "reason": "Marché dominical", "by": "Hélène Maréchal"}]
    national = aged(17, days=sunday, overrides=recorded)
    assert blocks(national) == set()
    assert "Marché dominical" in message(national, "sunday")
    assert blocks(aged(17, type="lycee-pyrene", days=sunday, overrides=recorded)) == {"sunday"}
    night = [{"code": "night", "reason": "Boulangerie", "by": "Hélène Maréchal"}]
    assert "night" in blocks(aged(17, days={TUESDAY: [["04:00", "08:00"]]}, overrides=night))


def test_agricultural_sunday_is_for_sixteen_and_over():
    sunday = {"2027-01-17": [["08:00", "10:00"]], "2027-01-18": [], "2027-01-19": [], "2027-01-15": []}
    said = {"presence__sunday": "Traite", "presence__compensation": "Lundi et mardi"}
    assert blocks(aged(15, type="agricole", days=sunday, **said)) == {"sunday", "weekly-rest"}
    assert blocks(aged(16, type="agricole", days=sunday, **said)) == set()


def test_public_holiday_of_the_host_s_place_is_forbidden_under_eighteen():
    spring = {"periods": [{"start": "2026-05-04", "end": "2026-05-29"}], "on": date(2026, 5, 4)}

    def on(day, years, territory):
        data = aged(years, days={day: DAY}, host__territory=territory, **spring)
        return blocks(data)

    assert on("2026-05-22", 17, "972") == {"public-holiday"}
    assert on("2026-05-22", 17, "21") == set()
    assert on("2026-05-22", 18, "972") == set()
    assert "public-holiday" in on("2026-05-08", 17, "21")


def test_a_public_holiday_is_a_day_off_unless_dated():
    spring = {"periods": [{"start": "2026-05-04", "end": "2026-05-29"}]}
    assert codes(aged(17, **spring)) == []


def test_good_friday_is_a_holiday_only_with_the_commune_s_flag():
    easter = {
        "periods": [{"start": "2026-03-30", "end": "2026-04-10"}],
        "host__territory": "67",
        "days": {"2026-04-03": DAY},
    }
    assert blocks(aged(17, **easter)) == set()
    assert blocks(aged(17, host__commune_good_friday=True, **easter)) == {"public-holiday"}


def test_two_periods_and_weeks_that_change_are_each_judged():
    data = aged(
        16,
        periods=[{"start": "2027-01-11", "end": "2027-01-15"}, {"start": "2027-03-15", "end": "2027-03-19"}],
    )
    data["days"] = {"2027-03-16": [["08:00", "12:00"], ["13:00", "17:01"]], "2027-03-17": []}
    assert places(data, "daily-hours") == ["days.2027-03-16"]
