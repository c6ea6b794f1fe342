from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from dateutil.easter import easter as reference_easter
from hypothesis import given
from hypothesis import strategies as st

from pfmp_saas.law.calendars import easter, public_holidays
from pfmp_saas.law.clocks import (
    accident_deadline,
    accident_reminders,
    derogation_valid_until,
    next_morning,
)
from pfmp_saas.law.hours import add_counted_hours
from pfmp_saas.law.territories import CODES, UnknownTerritory, territory

YEARS = range(2024, 2031)
ABOLITION = {"976": (4, 27), "972": (5, 22), "971": (5, 27), "973": (6, 10), "977": (10, 9), "974": (12, 20), "978": (5, 28)}  # fmt: skip
ZONES = {"09": "Europe/Paris", "972": "America/Martinique", "971": "America/Guadeloupe", "978": "America/Marigot", "977": "America/St_Barthelemy", "973": "America/Cayenne", "974": "Indian/Reunion", "976": "Indian/Mayotte"}  # fmt: skip


def deadline(code, local, **options):
    known = datetime.fromisoformat(local).replace(tzinfo=territory(code).zone)
    return accident_deadline(regime="general", territory=code, known_at=known, **options).deadline


@pytest.mark.parametrize(
    ("code", "known", "expected", "options"),
    [
        ("09", "2026-01-13T10:30", "2026-01-15T10:30:00+01:00", {}),
        ("09", "2026-01-16T16:00", "2026-01-19T16:00:00+01:00", {}),
        ("09", "2026-01-18T19:00", "2026-01-21T00:00:00+01:00", {}),
        ("09", "2026-05-07T09:00", "2026-05-11T09:00:00+02:00", {}),
        ("09", "2026-05-13T15:00", "2026-05-16T15:00:00+02:00", {}),
        ("67", "2026-04-02T11:00", "2026-04-07T11:00:00+02:00", {"commune_good_friday": True}),
        ("974", "2026-12-18T14:00", "2026-12-21T14:00:00+04:00", {}),
    ],
)
def test_worked_examples_of_the_law(code, known, expected, options):
    assert deadline(code, known, **options).isoformat() == expected


def test_good_friday_counts_where_the_commune_has_no_flag():
    # Thursday 2 April 11:00, Friday counted: 13 h + 24 h + 11 h of Saturday
    assert deadline("67", "2026-04-02T11:00").isoformat() == "2026-04-04T11:00:00+02:00"
    assert (
        deadline("09", "2026-04-02T11:00", commune_good_friday=True).isoformat()
        == "2026-04-04T11:00:00+02:00"
    )


def test_saint_etienne_counts_only_outside_alsace_moselle():
    # Thursday 24 December 2026 noon: 25 is Christmas, 26 a Saturday, 27 a Sunday
    assert deadline("54", "2026-12-24T12:00").isoformat() == "2026-12-28T12:00:00+01:00"
    for code in ("57", "67", "68"):
        assert deadline(code, "2026-12-24T12:00").isoformat() == "2026-12-29T12:00:00+01:00"


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(("code", "day"), ABOLITION.items())
def test_abolition_day_stands_still_there_only(code, day, year):
    opening = datetime(year, *day, tzinfo=UTC)
    off = public_holidays(year, code)
    here = add_counted_hours(opening, timedelta(hours=1), ZoneInfo("UTC"), off.__contains__)
    assert here > opening + timedelta(hours=24)
    whit_monday = easter(year) + timedelta(days=50)
    assert date(year, *day) not in public_holidays(year, "09") or date(year, *day) == whit_monday


def test_saint_martin_gives_the_earlier_deadline_unless_configured():
    known = datetime(2026, 5, 27, 10, tzinfo=ZoneInfo("America/Marigot"))
    ask = {"regime": "general", "territory": "978", "known_at": known}
    in_practice = accident_deadline(**ask, abolition_day="05-28").deadline
    in_the_code = accident_deadline(**ask, abolition_day="05-27").deadline
    assert in_practice.isoformat() == "2026-05-30T10:00:00-04:00"
    assert in_the_code.isoformat() == "2026-05-30T00:00:00-04:00"
    assert accident_deadline(**ask).deadline == min(in_practice, in_the_code)


def test_a_day_known_on_the_eve_of_an_uncounted_day_may_end_at_its_opening_midnight():
    assert deadline("09", "2026-01-16T00:00").isoformat() == "2026-01-18T00:00:00+01:00"


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("code", CODES)
def test_holidays_are_the_law_s_list(code, year):
    found = set(public_holidays(year, code))
    national = set(holidays.country_holidays("FR", years=year))
    assert len(national) == 11
    extra = {date(year, *ABOLITION[code])} if code in ABOLITION else set()
    if code in ("57", "67", "68"):
        extra = {date(year, 12, 26)}
    assert found == national | extra


def test_library_lists_agree_where_the_law_does():
    for year in YEARS:
        for code in ("971", "972", "973", "974", "976"):
            listed = set(holidays.country_holidays("FR", subdiv=code, years=year))
            assert listed >= set(public_holidays(year, code))
        moselle = set(holidays.country_holidays("FR", subdiv="57", years=year))
        assert moselle == set(public_holidays(year, "57", commune_good_friday=True))


def test_easter_for_three_centuries():
    assert all(easter(year) == reference_easter(year) for year in range(1900, 2200))


@pytest.mark.parametrize(
    ("regime", "code", "host", "declarant", "recipient"),
    [
        ("general", "09", "general", "host", "CPAM"),
        ("general", "09", "msa", "host", "MSA"),
        ("general", "67", "general", "host", "CPAM"),
        ("general", "972", "general", "host", "CGSS"),
        ("general", "974", "msa", "host", "CGSS"),
        ("agricultural", "09", "general", "school", "MSA"),
        ("agricultural", "57", "msa", "school", "CAAA"),
        ("agricultural", "67", "general", "school", "CAAA"),
        ("agricultural", "68", "general", "school", "CAAA"),
        ("agricultural", "974", "general", "school", "CGSS"),
        ("agricultural", "976", "general", "school", "CGSS"),
        ("agricultural", "977", "general", "school", "CGSS"),
        ("agricultural", "978", "general", "school", "CGSS"),
    ],
)
def test_declarant_and_recipient(regime, code, host, declarant, recipient):
    clock = accident_deadline(
        regime=regime, territory=code, known_at=datetime(2026, 1, 13, 9, tzinfo=UTC), host_regime=host
    )
    assert (clock.declarant, clock.recipient) == (declarant, recipient)


def test_agricultural_pupil_paid_above_the_exempt_gratification_makes_the_host_declare():
    clock = accident_deadline(
        regime="agricultural",
        territory="09",
        known_at=datetime(2026, 1, 13, tzinfo=UTC),
        paid_above_exempt=True,
    )
    assert clock.declarant == "host"


def test_agricultural_host_informs_the_school_within_a_day_two_abroad_nothing_excluded():
    # Saturday 2 May 2026: the Sunday counts
    occurred = datetime(2026, 5, 2, 18, tzinfo=ZoneInfo("Europe/Paris"))
    ask = {"territory": "09", "known_at": occurred, "occurred_at": occurred}
    informed = accident_deadline(regime="agricultural", **ask).inform_school_by
    abroad = accident_deadline(regime="agricultural", abroad=True, **ask).inform_school_by
    assert informed.isoformat() == "2026-05-03T18:00:00+02:00"
    assert abroad.isoformat() == "2026-05-04T18:00:00+02:00"
    assert accident_deadline(regime="general", **ask).inform_school_by is None


@pytest.mark.parametrize(("code", "zone"), ZONES.items())
def test_time_zone_of_each_territory(code, zone):
    clock = accident_deadline(regime="general", territory=code, known_at=datetime(2026, 1, 13, tzinfo=UTC))
    assert clock.timezone == zone


@pytest.mark.parametrize("code", ["", "9", "20", "96", "970", "975", "2C", "FR", "٠٩"])
def test_unknown_territory_is_refused(code):
    with pytest.raises(UnknownTerritory):
        territory(code)


def test_corsican_codes_are_read_in_any_case():
    assert territory("2a").code == "2A"


def test_real_hours_run_on_a_day_when_clocks_change():
    paris = ZoneInfo("Europe/Paris")
    saturday = datetime(2026, 3, 28, 12, tzinfo=paris)
    every_day = add_counted_hours(saturday, timedelta(hours=24), paris, lambda _: False)
    assert every_day.isoformat() == "2026-03-29T13:00:00+02:00"
    # the law's clock never meets it: in France clocks change on a Sunday
    assert deadline("09", "2026-03-28T12:00").isoformat() == "2026-03-31T12:00:00+02:00"
    assert deadline("09", "2026-10-24T12:00").isoformat() == "2026-10-27T12:00:00+01:00"


instants = st.integers(0, 7 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
codes = st.sampled_from(["09", "67", "971", "972", "973", "974", "976", "977", "978"])


@given(known=instants, code=codes, flag=st.booleans())
def test_deadline_is_never_inside_an_uncounted_day(known, code, flag):
    end = accident_deadline(
        regime="general", territory=code, known_at=known, commune_good_friday=flag
    ).deadline
    off = public_holidays(end.year, code, commune_good_friday=flag)
    if end.time().isoformat() != "00:00:00":
        assert end.weekday() != 6
        assert end.date() not in off or code == "978"


@given(known=instants, later=st.timedeltas(timedelta(0), timedelta(days=5)), code=codes)
def test_later_knowledge_never_gives_an_earlier_deadline(known, later, code):
    first = accident_deadline(regime="general", territory=code, known_at=known).deadline
    second = accident_deadline(regime="general", territory=code, known_at=known + later).deadline
    assert second >= first


@given(known=instants, code=codes, zone=st.sampled_from(["Asia/Tokyo", "America/Cayenne", "Europe/Paris"]))
def test_deadline_is_the_same_in_whatever_zone_the_instant_is_written(known, code, zone):
    elsewhere = known.astimezone(ZoneInfo(zone))
    ask = {"regime": "agricultural", "territory": code}
    assert accident_deadline(known_at=known, **ask) == accident_deadline(known_at=elsewhere, **ask)


@given(known=instants, code=codes)
def test_deadline_lies_between_two_and_seven_days(known, code):
    end = accident_deadline(regime="general", territory=code, known_at=known).deadline
    assert timedelta(hours=48) <= end - known <= timedelta(days=7)


def test_derogation_ends_three_years_after_sending():
    assert derogation_valid_until(date(2024, 2, 29)) == date(2027, 2, 28)
    assert derogation_valid_until(date(2025, 9, 2)) == date(2028, 9, 2)


def test_an_accident_is_recalled_at_half_time_twice_before_the_end_and_at_the_end():
    opened, end = datetime(2026, 1, 13, 10, tzinfo=UTC), datetime(2026, 1, 15, 10, tzinfo=UTC)
    before = [end - each for each in accident_reminders(opened, end)]
    assert before == [timedelta(hours=hours) for hours in (24, 6, 2, 0)]
    near = [end - each for each in accident_reminders(end - timedelta(hours=3), end)]
    assert near == [timedelta(hours=hours) for hours in (2, 1.5, 0)]
    assert accident_reminders(end, end) == accident_reminders(end + timedelta(days=9), end) == ()


@pytest.mark.parametrize(
    ("zone", "after", "morning"),
    [
        ("Europe/Paris", "2026-03-28T12:00+00:00", "2026-03-29T06:00+00:00"),  # the night that loses an hour
        ("Europe/Paris", "2026-10-24T12:00+00:00", "2026-10-25T07:00+00:00"),  # the night that has one more
        ("Europe/Paris", "2028-02-28T12:00+00:00", "2028-02-29T07:00+00:00"),
        ("Europe/Paris", "2026-12-31T12:00+00:00", "2027-01-01T07:00+00:00"),
        ("Europe/Paris", "2026-01-12T00:59+00:00", "2026-01-12T07:00+00:00"),
        ("Europe/Paris", "2026-01-12T01:01+00:00", "2026-01-13T07:00+00:00"),
        ("Indian/Reunion", "2026-01-12T12:00+00:00", "2026-01-13T04:00+00:00"),
        ("America/Martinique", "2026-01-12T23:00+00:00", "2026-01-13T12:00+00:00"),
    ],
)
def test_what_is_late_is_recalled_each_morning_of_its_place(zone, after, morning):
    assert next_morning(datetime.fromisoformat(after), ZoneInfo(zone)) == datetime.fromisoformat(morning)
