"""Rules mended against the codes themselves: each boundary, the day before and after a change of law."""

from datetime import date

import pytest

from pfmp_saas.law.checks.assessments import certifying
from pfmp_saas.law.facts import parse
from tests.support.law import DAY, WEEK, aged, blocks, codes, convention, findings, message


def test_asbestos_of_level_two_was_derogable_until_the_conseil_d_etat_annulled_it():
    def judged(start, end):
        bent = {
            "works": ["18"],
            "regulated": {"asbestos_level": "2"},
            "student__medical_opinion_on": "2015-09-01",
        }
        dates = {"host__derogation_sent_on": "2015-06-01", "student__birth_date": "1999-01-01"}
        return blocks(convention(periods=[{"start": start, "end": end}], **bent, **dates))

    assert "regulated-work-forbidden" not in judged("2015-12-17", "2015-12-18")
    assert "regulated-work-forbidden" in judged("2015-12-18", "2015-12-18")


def test_a_medical_opinion_with_reservations_says_what_to_avoid():
    assert codes(convention(student__medical_opinion_reserved=True)) == ["medical-opinion-missing"]
    said = {
        "student__medical_opinion_reserved": True,
        "student__medical_opinion_note": "pas de port de charges",
    }
    assert codes(convention(**said)) == []


@pytest.mark.parametrize(("country", "cover", "asked"), [
    ("Espagne", "european_card", []), ("espagne", "health_cover", ["abroad.european_card"]),
    ("Maroc", "health_cover", []), ("Maroc", "european_card", ["abroad.health_cover"]), ("Suisse", "european_card", []),
])  # fmt: skip
def test_abroad_the_pupil_s_health_is_covered(country, cover, asked):
    away = {"country": country, "information_sheet": True, "assistance": True, cover: True}
    assert [f.where for f in findings(convention(type="agricole", works=[], abroad=away))] == asked
    assert findings(convention(abroad=away)) == ()


def test_the_insurer_of_a_vehicle_is_told():
    farm = {"type": "agricole", "works": []}
    assert codes(convention(vehicle={"used": True}, **farm)) == ["annex-required"]
    assert codes(convention(vehicle={"used": True, "insurer_told": True}, **farm)) == []
    assert codes(convention(vehicle={"used": True})) == []


@pytest.mark.parametrize("code", ["975", "986", "987", "988", "étranger", "Etranger", "ÉTRANGER"])
def test_a_place_whose_calendar_is_not_held_is_told(code):
    found = findings(convention(host__territory=code, abroad={"information_sheet": True}))
    assert [(f.code, f.severity, f.where) for f in found] == [("public-holiday", "warn", "host.territory")]


def test_no_french_holiday_binds_abroad():
    monday = {"periods": [{"start": "2027-03-29", "end": "2027-04-02"}], "days": {"2027-03-29": DAY}}
    assert "public-holiday" in blocks(convention(**monday))  # Easter Monday
    away = {"country": "Suisse", "information_sheet": True}
    assert "public-holiday" not in codes(convention(abroad=away, **monday))
    usual = {"periods": [{"start": "2027-03-29", "end": "2027-04-02"}]}
    assert (
        parse(convention(**usual)).presence.minutes < parse(convention(abroad=away, **usual)).presence.minutes
    )


@pytest.mark.parametrize(("diploma", "class_name", "found"), [
    ("Baccalauréat professionnel", "2MV1", ["assessment-too-early"]), ("Baccalauréat professionnel", "1MV1", []),
    ("Baccalauréat professionnel", "TMV1", []), ("CAP Cuisine", "1CUI", ["assessment-too-early"]), ("CAP Cuisine", "2CUI", []),
    ("CAP Cuisine", "CAP1", ["assessment-too-early"]), ("CAP Cuisine", "CAP 2", []), ("CAPa", "1CAPA", ["assessment-too-early"]),
    ("Seconde professionnelle", "MV1", ["assessment-too-early"]), ("Bac pro", "Seconde MV", ["assessment-too-early"]),
])  # fmt: skip
def test_no_certifying_assessment_in_the_first_year(diploma, class_name, found):
    bent = {
        "student__diploma": diploma,
        "student__class_name": class_name,
        "assessment": "Évaluation certificative (CCF).",
    }
    assert codes(convention(**bent)) == found
    assert "assessment-too-early" not in codes(convention(type="agricole", works=[], **bent))


@pytest.mark.parametrize(("text", "says"), [
    ("Contrôle en cours de formation en fin de période", True), ("Épreuve certificative E32", True), ("CCF", True),
    ("Évaluation certifiante", True), ("Évaluation formative", False), ("Évaluation formative, non certificative", False),
    ("Aucune évaluation certificative ; livret de suivi", False), ("Pas de CCF pendant cette période", False),
    ("Sans CCF la première semaine, puis CCF la dernière", True), ("", False), ("accfg", False),
])  # fmt: skip
def test_a_text_that_announces_a_certifying_assessment(text, says):
    assert certifying(text) is says


def test_the_teaching_year_of_la_reunion_opens_in_august():
    week = {
        "periods": [{"start": "2026-08-17", "end": "2026-10-23"}],
        "works": [],
        "student__birth_date": "2007-01-01",
    }
    inside = {**week, "periods": [{"start": "2026-08-18", "end": "2026-10-23"}]}
    assert "gratification-due" not in codes(convention(**inside))  # the mainland's year opens on 1 September
    island = {"school__territory": "974", "host__territory": "974"}
    assert "gratification-due" in codes(convention(**inside, **island))
    own = {"school__teaching_year_opens": "2026-08-17"}
    one = message(convention(**week, **island, **own), "gratification-due")
    assert (
        one.split(" de présence")[0]
        != message(convention(**week, **island), "gratification-due").split(" de présence")[0]
    )


def test_what_the_code_would_allow_is_told_since_2019_alone():
    long = {"timetable__thursday": [["08:00", "12:00"], ["13:00", "17:45"]]}
    old = aged(15, on=date(2018, 12, 31), periods=[{"start": "2018-12-31", "end": "2019-01-04"}], **long)
    assert message(old, "daily-hours").endswith("8 h au plus")
    new = aged(15, on=date(2019, 1, 2), periods=[{"start": "2019-01-02", "end": "2019-01-04"}], **long)
    assert "le code admettrait 10 h par jour" in message(new, "daily-hours")


def test_a_part_week_counts_in_proportion_in_a_modulated_average():
    """Five days of 48 h are not diluted by one hour on the next Monday."""
    six = {
        "periods": [{"start": "2027-01-11", "end": "2027-01-18"}],
        "days": {"2027-01-18": [["08:00", "09:00"]]},
    }
    long = {f"timetable__{day}": [["08:00", "12:00"], ["13:00", "18:36"]] for day in WEEK[:5]}
    assert codes(aged(18, host__modulated=True, **six, **long)) == ["weekly-hours"]
    seven = {f"timetable__{day}": DAY for day in WEEK[:5]}
    assert codes(aged(18, host__modulated=True, **six, **seven)) == []


def test_a_modulated_average_is_exact_to_the_minute_of_the_whole_placement():
    minute = {"days": {"2027-01-11": [["08:00", "12:00"], ["13:30", "16:31"]]}}
    assert codes(aged(18, host__modulated=True)) == []
    assert codes(aged(18, host__modulated=True, **minute)) == ["weekly-hours"]  # 140 h 01 in four weeks


def test_adult_week_follows_the_lower_agreement_and_modulation():
    longer = {"timetable__monday": [["08:00", "12:00"], ["13:00", "18:00"]]}
    assert codes(aged(18)) == []
    assert codes(aged(18, **longer)) == ["weekly-hours"]
    assert codes(aged(18, host__weekly_hours=34.5)) == ["weekly-hours"]
    short = {f"2027-01-{day}": [] for day in (25, 26, 27)}
    assert codes(aged(18, host__modulated=True, days=short, **longer)) == []
    assert codes(aged(18, host__modulated=True, **longer)) == ["weekly-hours"]
    ten = [["08:00", "12:00"], ["13:00", "19:00"]]
    long_week = {f"2027-01-{day}": ten for day in (11, 12, 13, 14, 15)}
    fifty = aged(18, host__modulated=True, days=long_week | short | {"2027-02-05": []})
    assert message(fifty, "weekly-hours").startswith(
        "Semaine du 11 janvier 2027 : 50 h pour un élève de 18 ans ; 48 h"
    )
