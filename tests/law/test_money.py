"""Durations and money: exact to the cent, each with its computation."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfmp_saas.law.money import (
    UnknownRate,
    attested,
    gratification,
    guess_level,
    state_allowance,
    transport_a_day,
)

D = Decimal
BLANKS = str.maketrans("\u00a0", " ")


@pytest.mark.parametrize(("minutes", "absent", "days", "months"), [
    (419, 0, 0, 0), (420, 0, 1, 0), (132 * 420, 0, 132, 6), (22 * 420, 1, 21, 0), (840, 420, 1, 0),
])  # fmt: skip
def test_seven_hours_are_a_day_and_twenty_two_days_a_month(minutes, absent, days, months):
    found = attested(minutes, absent)
    assert (found.days, found.months) == (days, months)


def test_an_absence_longer_than_the_presence_is_refused():
    with pytest.raises(ValueError, match="absence"):
        attested(420, 421)


def test_gratification_is_rounded_to_the_nearest_cent_and_explains_itself():
    found = gratification(309 * 60, D("4.50"))
    assert found.euros == D("1390.50")
    assert found.how.translate(BLANKS) == "309 h × 4,50 € = 1390,50 €"
    assert gratification(1, D("4.50")).euros == D("0.08")  # 0.075


@pytest.mark.parametrize(("placement", "usual", "euros"), [
    ("38", "20", "4.32"), ("20", "38", "0.00"), ("60", "20", "9.60"), ("60.5", "20", "9.60"), ("20.05", "20", "0.01"),
])  # fmt: skip
def test_pyrene_refunds_the_surplus_distance_up_to_eighty_kilometres(placement, usual, euros):
    found = transport_a_day(D(placement), D(usual), rate=D("0.12"), ceiling=D(80))
    assert found.euros == D(euros)


def test_a_capped_journey_says_so():
    how = transport_a_day(D(100), D(20), rate=D("0.12"), ceiling=D(80)).how.translate(BLANKS)
    assert how == "2 × (100 − 20) = 160 km, plafonnés à 80 km × 0,12 € = 9,60 €"


@pytest.mark.parametrize(("level", "year", "days", "euros"), [
    ("seconde", 2025, "20", "200"), ("seconde", 2025, "31", "300"), ("premiere", 2025, "14.5", "217.5"),
    ("terminale", 2023, "50", "800"), ("terminale", 2024, "60", "1200"), ("terminale", 2025, "60", "1000"),
    ("cap-1", 2025, "40", "350"), ("cap-2", 2025, "40", "525"), ("cap-1-an", 2025, "40", "525"),
])  # fmt: skip
def test_the_state_allowance_by_level_and_school_year(level, year, days, euros):
    assert state_allowance(level, year, D(days)).euros == D(euros)


def test_agriculture_has_its_own_caps_and_what_was_paid_counts():
    assert state_allowance("premiere", 2025, D(100), ministry="MASA").euros == 900
    assert state_allowance("premiere", 2025, D(20), paid=D(500)).euros == 100
    assert "déjà comptés" in state_allowance("premiere", 2025, D(20), paid=D(500)).how


def test_a_year_not_yet_published_is_to_confirm_and_one_before_the_law_is_unknown():
    assert "à confirmer" in state_allowance("premiere", 2026, D(1)).how
    with pytest.raises(UnknownRate):
        state_allowance("premiere", 2022, D(1))


@pytest.mark.parametrize(("diploma", "name", "level"), [
    ("Baccalauréat professionnel", "1MV2", "premiere"), ("Bac Pro Carrosserie", "2CAR", "seconde"),
    ("Baccalauréat professionnel", "TMV1", "terminale"), ("CAP Cuisine", "1CUI", "cap-1"),
    ("BTS", "1MEI", None), ("Baccalauréat professionnel", "MV", None),
])  # fmt: skip
def test_the_level_is_guessed_from_the_class_or_left_alone(diploma, name, level):
    assert guess_level(diploma, name) == level


@given(st.integers(0, 400), st.integers(0, 1500))
def test_no_year_pays_more_than_its_cap(days, paid):
    assert state_allowance("terminale", 2025, D(days), paid=D(paid)).euros + min(paid, 1000) <= 1000
