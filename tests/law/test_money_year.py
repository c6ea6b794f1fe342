"""The State allowance over a school year: summed over a pupil's attested placements, under one cap, explained."""

import re
from decimal import Decimal

import pytest

from pfmp_saas.attestations import allowances
from pfmp_saas.conventions.gratification import gratification_of
from tests.support.pages import OFFICE, TEACHER, UAI

PLAIN = str.maketrans("\u00a0\u202f", "  ")


def _of(db, year, pupil="Zoé Lefèvre"):
    return [each for each in allowances.of_year(db, year) if each.student == pupil]


def test_the_year_adds_up_and_says_how(db, attested):
    attested("2025-11-28", "14.5")
    attested("2026-02-06", "10")
    (year,) = _of(db, 2025)
    assert (year.days, year.total.euros) == (Decimal("24.5"), Decimal("367.5"))
    told = year.total.how.translate(PLAIN)
    assert told == "24,5 jours attestés : 217,50 € + 150,00 € = 367,50 €"


def test_the_cap_is_the_years_not_the_placements(db, attested):
    first, second = attested("2025-11-28", "30"), attested("2026-02-06", "20")
    (year,) = _of(db, 2025)
    assert [part.amount.euros for part in year.parts] == [450, 150]  # 600 a year at most
    told = year.parts[1].amount.how.translate(PLAIN)
    assert "20 jours × 15,00 € = 300,00 € ; plafond de 600,00 € pour l’année, 450,00 € déjà comptés" in told
    assert allowances.allowance_of(db, first).euros == 450
    assert allowances.allowance_of(db, second).euros == 150


@pytest.mark.parametrize(("end", "year"), [("2026-08-31", 2025), ("2026-09-01", 2026)])
def test_a_placement_belongs_to_the_school_year_in_which_it_ends(db, attested, end, year):
    attested(end, "5")
    assert [bool(_of(db, each)) for each in (2025, 2026)] == [year == 2025, year == 2026]


def test_only_signed_attestations_of_the_same_pupil_count(db, attested):
    attested("2025-11-28", "30", pupil="Autre Élève")
    attested("2025-12-12", "30", state="sent")
    row = attested("2026-02-06", "20")
    assert allowances.allowance_of(db, row).euros == 300


def test_an_unknown_level_gives_no_total_and_agriculture_has_its_cap(db, attested):
    attested("2025-11-28", "3", class_name="MV2")
    (year,) = _of(db, 2025)
    assert year.total is None
    attested("2025-11-28", "80", pupil="Jean Pré", type_slug="agricole")
    assert _of(db, 2025, "Jean Pré")[0].total.euros == 900


def test_the_office_sees_the_computation_and_a_teacher_does_not(signed_in, db, attested):
    attested("2025-11-28", "30")
    attested("2026-02-06", "20")
    db.commit()
    page = f"/ecole/{UAI}/suivi/allocations"
    html = signed_in(OFFICE).get(f"{page}?annee=2025").text.translate(PLAIN)
    assert "50 jours attestés : 450,00 € + 150,00 € = 600,00 €" in html
    assert signed_in(TEACHER).get(page).status_code == 404


@pytest.mark.parametrize("year", ["abc", "9" * 5000, "-1", "1999"])
def test_a_year_that_is_none_shows_this_one(signed_in, year):
    answer = signed_in(OFFICE).get(f"/ecole/{UAI}/suivi/allocations?annee={year}")
    assert answer.status_code == 200
    assert re.search(r"<h1>Allocation de l’État, 20\d\d-20\d\d</h1>", answer.text)


# Gratification: the sum of a convention, and why


@pytest.mark.parametrize(
    ("money", "euros", "why"),
    [
        ({}, "1417.50", "315 h × 4,50 € = 1417,50 € ; due au-delà de 308 h : 15 % de 30,00 €"),
        ({"branch_minimum": 5}, "1575.00", "accord de branche : 5,00 €, le plus élevé"),
        ({"hourly": 6}, "1890.00", "la convention prévoit plus"),
    ],
)
def test_the_gratification_is_the_higher_amount_and_says_why(db, long, money, euros, why):
    found = gratification_of(db, long(**money))
    assert found.euros == Decimal(euros)
    assert why in found.how.translate(PLAIN)


def test_a_short_placement_is_paid_what_it_agrees_and_nothing_else(db, long):
    row = long(hourly=2)
    row.data = {**row.data, "periods": [{"start": "2027-01-11", "end": "2027-01-22"}]}
    assert gratification_of(db, row).euros == 140
    assert "que prévoit la convention" in gratification_of(db, row).how
    row.data = {**row.data, "finance": {}}
    assert gratification_of(db, row) is None


def test_the_office_reads_the_sum_on_the_convention(signed_in, db, long):
    row = long(branch_minimum=5)
    db.commit()
    page = signed_in(OFFICE).get(f"/ecole/{UAI}/conventions/{row.id}").text.translate(PLAIN)
    assert "Gratification pour la présence prévue : 315 h × 5,00 € = 1575,00 €" in page
