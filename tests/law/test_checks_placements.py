"""Loads, electricity, school holidays, sequences, branch agreements: each rule at its boundary."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp_saas.law.checks import run
from pfmp_saas.law.checks.schooltime import most_sequences
from pfmp_saas.law.facts import parse
from pfmp_saas.types.loader import get_type
from tests.support.law import (
    DAY,
    MONDAY,
    NATIONAL,
    RICH,
    aged,
    blocks,
    codes,
    convention,
    findings,
    message,
    places,
)

KINDS = ["national-2016", "agricole", "lycee-pyrene", "bts-stage"]


def severities(data, code):
    return [found.severity for found in findings(data) if found.code == code]


# Loads over 20 % of body weight (R4153-52)


def loads(**changes):
    return convention(works=[], regulated={"loads_planned": True}, **changes)


@pytest.mark.parametrize("kind", KINDS)
def test_loads_over_a_fifth_of_the_weight_need_a_medical_fitness(kind):
    assert blocks(loads(type=kind)) == {"medical-opinion-missing"}
    assert places(loads(type=kind), "medical-opinion-missing") == ["student.loads_fitness_on"]
    assert codes(loads(type=kind, student__loads_fitness_on="2027-01-11")) == []
    late = loads(type=kind, student__loads_fitness_on="2027-01-12")
    assert "après le premier jour (11 janvier 2027)" in message(late, "medical-opinion-missing")
    assert codes(convention(type=kind, works=[], regulated={"loads_planned": False})) == []


def test_a_fitness_for_loads_over_a_year_old_is_to_be_confirmed():
    assert codes(loads(student__loads_fitness_on="2026-02-05")) == []
    old = loads(student__loads_fitness_on="2026-02-04")
    assert severities(old, "medical-opinion-missing") == ["warn"]
    assert "à confirmer" in message(old, "medical-opinion-missing")


def test_loads_are_an_adult_s_own_affair_from_the_eighteenth_birthday():
    assert codes(loads(student__birth_date="2009-01-11")) == []
    assert codes(loads(student__birth_date="2009-01-12")) == ["medical-opinion-missing"]


def test_loads_over_a_fifth_of_the_weight_begin_on_the_fifteenth_birthday():
    def at(born, kind="agricole"):
        light = {"timetable__friday": [], "student__loads_fitness_on": "2026-11-02"}
        return [
            (f.code, f.severity)
            for f in findings(loads(type=kind, student__birth_date=born, **light))
            if f.code == "regulated-work-age"
        ]

    assert at("2012-01-11") == []
    assert at("2012-01-12") == [("regulated-work-age", "block")]
    assert at("2012-01-12", "national-2016") == [("regulated-work-age", "warn")]


def test_the_facts_hold_a_date_and_no_health_detail():
    student = parse(loads(student__loads_fitness_on="2026-11-02")).student
    assert student.loads_fitness_on == date(2026, 11, 2)
    assert not {"weight", "fit", "opinion", "health"} & set(vars(student))


# Electrical work (S-nat 11, S-agr 11, S-pyr 14)


def electrical(kind="national-2016", **dates):
    """A convention with planned electrical work: ``trained`` and ``able`` on these days."""
    names = {"trained": "student__electrical_training_on", "able": "student__electrical_habilitation_on"}
    return convention(
        type=kind,
        works=[],
        regulated={"electrical_planned": True},
        **{names[name]: value for name, value in dates.items()},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_electrical_work_follows_the_school_s_training(kind):
    assert codes(electrical(kind, trained="2027-01-10", able="2027-01-11")) == []
    late = electrical(kind, trained="2027-01-11", able="2027-01-11")
    assert [(f.where, f.severity) for f in findings(late)] == [("student.electrical_training_on", "block")]
    assert places(electrical(kind, able="2027-01-11"), "annex-required") == ["student.electrical_training_on"]
    assert codes(convention(type=kind, works=[], regulated={"electrical_planned": None})) == []


def test_the_host_s_habilitation_follows_the_training():
    trained = {"trained": "2026-06-15"}
    assert codes(electrical(**trained, able="2026-06-15")) == []
    before = electrical(**trained, able="2026-06-14")
    assert severities(before, "annex-required") == ["block"]
    absent, later = electrical(**trained), electrical(**trained, able="2027-01-12")
    assert severities(absent, "annex-required") == severities(later, "annex-required") == ["warn"]
    assert "aucun avant l’habilitation du 12 janvier 2027" in message(later, "annex-required")


def test_electricity_concerns_adults_too_and_cites_the_model_s_article():
    adult = electrical(trained=None)
    adult["student"]["birth_date"] = "2005-01-01"
    found = [f for f in findings(adult) if f.severity == "block"]
    assert "convention nationale de 2016, art. 11" in found[0].source


def test_live_work_stays_forbidden_whatever_the_habilitation():
    live = electrical(trained="2026-06-15", able="2026-06-16")
    live["works"] = ["24"]
    assert codes(live) == ["regulated-work-forbidden"]


# School holidays (L4153-3, S-agr 16)

WINTER = {"start": "2027-02-13", "end": "2027-02-28"}  # sixteen days, from a Saturday to a Sunday


def winter(end, kind="agricole", **changes):
    """A placement that begins with the first Monday of the winter holidays, for a pupil of fifteen."""
    return aged(
        15,
        **{
            "type": kind,
            "periods": [{"start": "2027-02-15", "end": end}],
            "school__holidays": [WINTER],
            "student__course_outside_school_time": True,
            **changes,
        },
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_placement_in_the_holidays_is_one_that_the_course_allows(kind):
    unsaid = winter("2027-02-19", kind, student__course_outside_school_time=None)
    assert [(f.code, f.severity, f.where) for f in findings(unsaid)] == [
        ("mention-missing", "warn", "student.course_outside_school_time")
    ]
    assert "5 jours de présence pendant les vacances scolaires du 13 février 2027" in message(
        unsaid, "mention-missing"
    )
    assert codes(winter("2027-02-19", kind)) == []
    # the day before the holidays, and the day after
    around = [{"start": "2027-02-08", "end": "2027-02-12"}, {"start": "2027-03-01", "end": "2027-03-05"}]
    assert codes(convention(type=kind, works=[], periods=around, school__holidays=[WINTER])) == []


def test_under_sixteen_half_of_a_holiday_at_most():
    # Monday to Monday is eight days of sixteen, Monday to Tuesday nine
    assert codes(winter("2027-02-22")) == []
    over = winter("2027-02-23")
    assert severities(over, "duration-max") == ["block"]
    assert "9 jours de période avant 16 ans, sur 16 de vacances" in message(over, "duration-max")
    assert severities(winter("2027-02-23", "national-2016"), "duration-max") == ["warn"]
    assert "à confirmer" in message(winter("2027-02-23", "national-2016"), "duration-max")


def test_days_from_the_sixteenth_birthday_on_do_not_count():
    assert codes(winter("2027-02-23", student__birth_date="2011-02-24")) == ["duration-max"]
    assert codes(winter("2027-02-23", student__birth_date="2011-02-23")) == []  # eight days under sixteen
    assert codes(winter("2027-02-26", student__birth_date="2011-02-15")) == []


def test_two_periods_in_one_holiday_add_up():
    two = [{"start": "2027-02-15", "end": "2027-02-18"}, {"start": "2027-02-22", "end": "2027-02-25"}]
    assert codes(winter("2027-02-15", periods=two)) == []  # four and four
    two[1]["end"] = "2027-02-26"
    assert codes(winter("2027-02-15", periods=two)) == ["duration-max"]


@given(st.integers(13, 17), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_one_day_more_in_a_holiday_never_mends_it(age, length):
    def halves(days):
        end = (date(2027, 2, 15) + timedelta(days=days)).isoformat()
        data = aged(
            age, type="agricole", school__holidays=[WINTER], periods=[{"start": "2027-02-15", "end": end}]
        )
        return "duration-max" in blocks(data)

    assert halves(length + 1) or not halves(length)
    assert not (age > 15 and halves(length))


# Sequences (S-nat 3.2)


def sequences(weeks, done, **changes):
    return convention(student__cycle_weeks=weeks, student__sequences_done=done, works=[], **changes)


@pytest.mark.parametrize(
    ("weeks", "most"),
    [(11, None), (12, 3), (13, 4), (18, 4), (19, 6), (22, 6), (23, None)],
)
def test_sequences_of_a_training_cycle(weeks, most):
    assert most_sequences(weeks) == most
    if most is None:
        assert codes(sequences(weeks, 9)) == []
        return
    assert codes(sequences(weeks, most - 1)) == []
    over = sequences(weeks, most)
    assert [(f.code, f.severity, f.where) for f in findings(over)] == [
        ("duration-max", "warn", "student.sequences_done")
    ]
    assert f"{most + 1} séquences dans le cycle" in message(over, "duration-max")


def test_each_period_is_a_sequence_and_only_the_education_models_count_them():
    two = [{"start": "2027-01-11", "end": "2027-01-22"}, {"start": "2027-03-01", "end": "2027-03-12"}]
    assert codes(sequences(12, 1, periods=two)) == []
    assert codes(sequences(12, 2, periods=two, type="lycee-pyrene")) == ["duration-max"]
    assert codes(sequences(12, 2, periods=two, type="agricole")) == []
    assert codes(sequences(12, None)) == codes(sequences(None, 8)) == []


# Branch agreements (L124-6)


def paid(hourly, branch):
    weeks = [{"start": "2026-09-07", "end": "2026-11-06"}]  # nine weeks of 35 h: 315 hours
    money = {"hourly": hourly, "branch_minimum": branch, "payment": "Virement mensuel"}
    return aged(19, periods=weeks, finance__gratification=money)


def test_the_higher_of_the_law_and_the_branch_agreement_is_due():
    assert codes(paid(4.5, None)) == codes(paid(4.5, 4.2)) == []
    assert codes(paid(4.5, 4.51)) == ["gratification-due"]
    assert codes(paid(4.51, 4.51)) == []
    told = message(paid(4.5, 5), "gratification-due")
    assert "au moins 5,00 € de l’heure" in told
    assert (
        "15 % de 30,00 € (plafond horaire de 2026) = 4,50 € ; accord de branche : 5,00 €, le plus élevé"
        in told
    )
    assert "moins que la loi" in message(paid(4, 4.2), "gratification-due")


def crossing(hourly, *, follows):
    """Ten weeks across 1 January 2026, when the hourly ceiling went from 29 to 30 euros."""
    money = {"hourly": hourly, "follows_year": follows, "payment": "Virement mensuel"}
    weeks = [{"start": "2025-11-24", "end": "2026-01-30"}]
    return aged(19, on=date(2025, 11, 24), periods=weeks, finance__gratification=money)


def test_the_rate_of_a_placement_that_crosses_the_new_year_is_configured():
    assert codes(crossing(4.35, follows=False)) == []
    assert codes(crossing(4.34, follows=False)) == ["gratification-due"]
    assert codes(crossing(4.49, follows=True)) == ["gratification-due"]
    assert "plafond horaire de 2026" in message(crossing(4.49, follows=True), "gratification-due")
    assert codes(crossing(4.5, follows=True)) == []


def test_an_agreement_changes_the_amount_and_not_the_threshold():
    short = aged(19, finance__gratification={"branch_minimum": 9})
    assert codes(short) == []


def test_each_new_rule_speaks_only_of_what_is_said():
    """The national example says nothing of loads, electricity, holidays or sequences: nothing is found."""
    assert codes(NATIONAL) == []
    assert blocks(RICH) == set()
    later = aged(16, on=MONDAY, days={"2027-01-12": DAY})
    assert run(parse(later), profile=get_type("national-2016").profile) == ()
