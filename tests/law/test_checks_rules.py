"""Age, regulated works, annexes, caps, durations, mentions: each rule at its boundary; the table of rules."""

import ast
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pfmp_saas.cli.rules import page
from pfmp_saas.law.checks import rules_table
from pfmp_saas.law.checks.caps import trainees_allowed
from pfmp_saas.law.checks.model import CODES, RULES
from pfmp_saas.law.checks.regulated import works
from pfmp_saas.law.money import least_hourly
from tests.support.law import DAY, MONDAY, aged, blocks, codes, convention, findings, message, places

TESTS = Path(__file__).parents[1]
FORBIDDEN = {"16", "19", "20", "24", "25", "26", "32", "36", "37"}
MIXED = {"18", "21"}


def test_every_code_of_the_contract_has_a_rule_and_no_other():
    assert {rule.code for rule in RULES} == set(CODES)


def test_every_rule_names_a_test_that_exists_and_stands_in_the_table():
    written = {
        node.name
        for file in [*TESTS.glob("law/test_checks*.py"), TESTS / "conventions" / "test_caps.py"]
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    table = rules_table()
    for rule in RULES:
        assert rule.test in written, rule.name
        assert rule.source
        assert rule.check.__doc__
        assert f"`{rule.name}`" in table


def test_a_rule_bears_on_the_placements_begun_while_it_is_in_force():
    over = {"host__trainees": 4, "host__staff": 10}
    assert "host-cap" in codes(aged(18, **over))
    old = [{"start": "2015-09-07", "end": "2015-09-25"}]
    assert "host-cap" not in codes(aged(18, on=date(2015, 9, 7), periods=old, **over))


@pytest.mark.parametrize("kind", ["national-2016", "agricole", "lycee-pyrene", "bts-stage"])
def test_placement_begins_on_the_fourteenth_birthday_at_the_earliest(kind):
    light = {"type": kind, "works": [], "timetable__friday": []}
    assert "minimum-age" not in codes(convention(student__birth_date="2013-01-11", **light))
    assert codes(convention(student__birth_date="2013-01-12", **light)) == ["minimum-age"]


def test_a_pupil_not_yet_born_is_a_wrong_birth_date():
    told = message(convention(student__birth_date="2031-01-01"), "minimum-age")
    assert told.endswith("vérifiez sa date de naissance")


def test_regulated_works_begin_on_the_fifteenth_birthday():
    assert codes(convention(student__birth_date="2012-01-11")) == []
    assert codes(convention(student__birth_date="2012-01-12")) == ["regulated-work-age"]


@pytest.mark.parametrize("number", [str(number) for number in range(16, 38)])
def test_each_work_is_derogable_or_forbidden_as_the_code_says(number):
    found = [(f.code, f.severity) for f in findings(convention(works=[number]))]
    if number in FORBIDDEN:
        assert found == [("regulated-work-forbidden", "block")]
        assert works()[number].status == "forbidden"
    elif number in MIXED:
        assert found == [("regulated-work-forbidden", "warn")]
    else:
        assert found == []
    assert codes(convention(works=[number], student__birth_date="2009-01-11")) == []


def test_asbestos_and_radiation_are_judged_by_their_level():
    def level(work, **level):
        return blocks(convention(works=[work], regulated=level))

    assert level("18", asbestos_level="1") == set()
    assert level("18", asbestos_level="2") == {"regulated-work-forbidden"}
    assert level("18", asbestos_level="3") == {"regulated-work-forbidden"}
    assert level("21", ionising_category="B") == set()
    assert level("21", ionising_category="A") == {"regulated-work-forbidden"}


def test_a_pupil_who_comes_of_age_during_the_placement_is_still_a_minor_before():
    assert "regulated-work-forbidden" in codes(convention(works=["24"], student__birth_date="2009-01-12"))
    assert codes(convention(works=["24"], student__birth_date="2009-01-11")) == []


def test_host_declares_before_a_minor_does_regulated_works():
    assert codes(convention(host__derogation_sent_on="2027-01-11")) == []
    assert codes(convention(host__derogation_sent_on="2027-01-12")) == ["derogation-missing"]
    assert codes(convention(host__derogation_sent_on=None)) == ["derogation-missing"]
    assert codes(convention(host__derogation_sent_on=None, works=[])) == []
    assert codes(convention(host__derogation_sent_on=None, student__birth_date="2009-01-11")) == []


def test_derogation_lasts_three_years_from_sending():
    assert codes(convention(host__derogation_sent_on="2024-02-05")) == []
    assert codes(convention(host__derogation_sent_on="2024-02-04")) == ["derogation-expired"]
    # eighteen on 3 February: the works are no longer regulated when the derogation ends
    assert codes(convention(host__derogation_sent_on="2024-02-02", student__birth_date="2009-02-03")) == []


def test_medical_opinion_is_yearly():
    assert codes(convention(student__medical_opinion_on="2026-02-05")) == []
    assert codes(convention(student__medical_opinion_on="2026-02-04")) == ["medical-opinion-missing"]
    assert codes(convention(student__medical_opinion_on="2027-01-12")) == ["medical-opinion-missing"]
    assert codes(convention(student__medical_opinion_on=None)) == ["medical-opinion-missing"]
    assert codes(convention(student__medical_opinion_on=None, works=[])) == []


def test_agricultural_minor_with_regulated_works_has_annex_two():
    annex = {"places": "Atelier", "machines": "Mélangeuse", "supervisor": "Denis Vuillemin"}
    assert codes(convention(type="agricole")) == ["annex-required"]
    assert codes(convention(type="agricole", regulated=annex)) == []
    assert places(convention(type="agricole", regulated=annex | {"machines": " "}), "annex-required") == [
        "regulated.machines"
    ]
    assert codes(convention(type="agricole", works=[])) == []
    assert codes(convention(type="agricole", student__birth_date="2009-01-11")) == []


def test_driving_is_preceded_by_training():
    annex = {"places": "Parcelles", "machines": "Tracteur", "supervisor": "Denis Vuillemin"}
    driven = convention(type="agricole", works=["27"], regulated=annex)
    assert [(f.code, f.severity) for f in findings(driven)] == [("annex-required", "warn")]
    driven["regulated"]["driving"] = "Attestation du 12/06/2026"
    assert codes(driven) == []


def test_placement_abroad_has_its_information_sheet():
    assert codes(convention(abroad={"country": "Espagne"})) == ["annex-required"]
    assert codes(convention(abroad={"country": "Espagne", "information_sheet": True})) == []
    farm = {"type": "agricole", "works": []}
    spain = {"country": "Espagne", "information_sheet": True, "european_card": True}
    asked = findings(convention(abroad=spain, **farm))
    assert [(f.where, f.severity) for f in asked] == [("abroad.assistance", "warn")]
    assert codes(convention(host__territory="étranger")) == ["public-holiday", "annex-required"]
    overseas = convention(host__territory="974", **farm)
    assert [f.where for f in findings(overseas)] == ["abroad.assistance"]
    assert (
        codes(
            convention(host__territory="974", abroad={"assistance": True, "information_sheet": True}, **farm)
        )
        == []
    )
    assert codes(convention(host__territory="974", school__territory="974", **farm)) == []
    assert codes(convention(host__territory="974")) == []  # the agricultural model alone asks for it


def test_referent_follows_sixteen_pupils_at_most():
    assert codes(convention(referent__pupils_followed=16)) == []
    assert codes(convention(referent__pupils_followed=17)) == ["referent-cap"]


def test_tutor_has_three_running_conventions_at_most():
    assert codes(convention(tutor__running_conventions=3)) == []
    assert codes(convention(tutor__running_conventions=4)) == ["tutor-cap"]


def test_host_cap_by_staff_and_academic_order():
    assert [trainees_allowed(staff) for staff in (0, 19, 20, 21, 26, 27, 100)] == [3, 3, 3, 4, 4, 5, 15]
    raised = [trainees_allowed(staff, academic_order=True) for staff in (0, 29, 30, 31, 100)]
    assert raised == [5, 5, 6, 7, 20]
    assert codes(convention(host__trainees=3)) == []
    assert codes(convention(host__trainees=4)) == ["host-cap"]
    assert codes(convention(host__trainees=4, host__academic_order=True)) == []


def test_waiting_period_is_a_third_of_the_previous_placement():
    def after(end):  # thirty days up to `end`
        begun = date.fromordinal(end.toordinal() - 29)
        previous = {"start": begun.isoformat(), "end": end.isoformat()}
        return [(f.code, f.severity) for f in findings(convention(host__previous_placement=previous))]

    assert after(date(2026, 12, 31)) == []
    assert after(date(2027, 1, 1)) == [("waiting-period", "warn")]


def long_placement(weeks, **changes):
    end = date.fromordinal(date(2026, 9, 7).toordinal() + 7 * weeks - 3)
    period = [{"start": "2026-09-07", "end": end.isoformat()}]
    worked = {"2026-11-11": DAY} if end >= date(2026, 11, 11) else {}
    return aged(19, periods=period, days=worked, presence__holiday="Oui", **changes)


def test_gratification_is_due_beyond_308_hours():
    due = long_placement(9)  # nine weeks of 35 h are 315 h
    assert codes(due) == ["gratification-due"]
    assert "315 h de présence, au-delà de 308 h : gratification d’au moins 4,50 €" in message(
        due, "gratification-due"
    )
    assert codes(long_placement(9, timetable__friday=[])) == []
    to_308 = {"2026-09-07": []}
    due["days"] = to_308
    assert codes(due) == []
    due["days"] = {"2026-09-07": [["08:00", "08:01"]]}
    assert codes(due) == ["gratification-due"]


def test_gratification_is_not_below_the_legal_amount():
    def paid(hourly):
        return codes(
            long_placement(9, finance__gratification={"hourly": hourly, "payment": "Virement mensuel"})
        )

    assert paid(4.5) == []
    assert paid(4.49) == ["gratification-due"]
    years = (2016, 2018, 2020, 2023, 2024, 2025, 2026)
    assert [least_hourly(year) for year in years] == [
        Decimal(text) for text in ("3.60", "3.75", "3.90", "4.05", "4.35", "4.35", "4.50")
    ]


def test_agricultural_appropriate_rhythm_is_paid_beyond_462_hours():
    rhythm = {"type": "agricole", "student__appropriate_rhythm": True, "presence__compensation": "Un lundi"}
    assert codes(long_placement(13, **rhythm)) == []
    assert codes(long_placement(14, **rhythm)) == ["gratification-due"]
    assert codes(long_placement(13, **rhythm | {"student__appropriate_rhythm": False})) == [
        "gratification-due"
    ]


def test_gratification_says_how_it_is_paid():
    assert codes(convention(finance__gratification={"hourly": 4.5, "payment": ""})) == ["mention-missing"]


def test_placement_lasts_924_hours_at_most_in_a_teaching_year():
    assert "duration-max" not in codes(convention(host__hours_done=924 - 140))
    assert "duration-max" in codes(convention(host__hours_done=924 - 139.5))
    # two teaching years: each has its own count
    data = convention(
        periods=[{"start": "2026-08-24", "end": "2026-08-28"}, {"start": "2026-09-07", "end": "2026-09-11"}]
    )
    data["host"]["hours_done"] = 924 - 35
    assert "duration-max" not in codes(data)


def test_periods_of_one_convention_do_not_overlap():
    first = {"start": "2027-01-11", "end": "2027-01-22"}
    assert codes(convention(periods=[first, {"start": "2027-01-23", "end": "2027-02-05"}])) == []
    assert places(convention(periods=[first, {"start": "2027-01-22", "end": "2027-02-05"}]), "overlap") == [
        "periods[1]"
    ]


@pytest.mark.parametrize("kind", ["national-2016", "agricole", "lycee-pyrene", "bts-stage"])
def test_the_examples_of_the_four_types_block_nothing(kind):
    data = json.loads((TESTS / "data" / f"{kind}.json").read_text(encoding="utf-8"))
    assert blocks(data) == set()


def test_every_finding_names_a_source_and_the_model_s_article():
    (found,) = findings(aged(16, on=MONDAY, timetable__saturday=[["08:00", "08:01"]]))[:1]
    assert "L. 3162-1" in found.source
    assert "convention nationale de 2016, art. 8" in found.source


def test_the_documentation_lists_every_rule_as_the_code_has_it():
    assert (TESTS.parent / "docs" / "rules.md").read_text(encoding="utf-8") == page()
