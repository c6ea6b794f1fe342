"""FILE.json: its shape, its schema, and what is refused with a path and a reason."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum import luhn

from pfmp_saas.core.identifiers import is_siret, is_uai
from pfmp_saas.core.json_data import InvalidData, loads
from pfmp_saas.law.convention_file import schema, validate
from pfmp_saas.law.facts import parse
from pfmp_saas.law.presence import Period, Slot
from tests.support.law import convention, mutated

DATA = Path(__file__).parents[1] / "data"


def refusal(data):
    with pytest.raises(InvalidData) as caught:
        parse(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_schema_is_one_and_the_examples_of_the_four_types_are_valid():
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    for name in ("national-2016", "agricole", "lycee-pyrene", "bts-stage"):
        data = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
        validator.validate(data)
        assert parse(data).type == name


def test_facts_are_typed():
    facts = parse(convention(finance__gratification={"hourly": 4.35}))
    assert facts.periods == (Period(date(2027, 1, 11), date(2027, 2, 5)),)
    assert facts.timetable[0] == (Slot(480, 720), Slot(810, 990))
    assert facts.hourly_gratification == Decimal("4.35")
    assert facts.student.birth_date == date(2010, 3, 17)
    assert facts.works == ("28",)
    assert {"student.guardian.name", "timetable", "objectives"} <= facts.filled
    assert "finance.gratification.payment" not in facts.filled


def test_only_the_type_is_needed_and_types_add_fields_of_their_own():
    assert parse({"type": "agricole"}).periods == ()
    assert parse(convention(finance__usual_km=20, anything={"of": ["the", 1, None]})).type == "national-2016"


def test_stretches_may_be_written_in_any_order_and_end_at_midnight():
    facts = parse(convention(timetable__monday=[["22:00", "24:00"], ["08:00", "12:00"]]))
    assert facts.timetable[0] == (Slot(480, 720), Slot(1320, 1440))


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("type", "Autre !", "type : « Autre ! » n’est pas un type de convention"),
        ("timetable__monday", [["08:00", "25:00"]], "timetable.monday[0][1] : « 25:00 » n’est pas une heure"),
        ("timetable__monday", [["8:00", "12:00"]], "timetable.monday[0][0] : « 8:00 » n’est pas une heure"),
        ("timetable__monday", [["08:00", "24:01"]], "timetable.monday[0][1]"),
        ("timetable__monday", [["08:00"]], "timetable.monday[0] : cette liste n’est pas une plage"),
        ("timetable__monday", [["12:00", "08:00"]], "timetable.monday[0] : la plage finit (08:00) avant de commencer"),
        ("timetable__monday", [["22:00", "06:00"]], "s’écrit sur les deux jours, jusqu’à 24:00 puis dès 00:00"),
        ("timetable__monday", [["08:00", "08:00"]], "timetable.monday[0]"),
        ("timetable__monday", [["08:00", "12:00"], ["11:00", "13:00"]], "se chevauchent"),
        ("timetable", [], "timetable : cette liste n’est pas un objet"),
        ("periods", [{"start": "2027-02-30", "end": "2027-03-01"}], "periods[0].start : « 2027-02-30 » n’est pas une date qui existe"),
        ("periods", [{"start": "2027-02-05", "end": "2027-01-11"}], "periods[0] : la période finit (2027-01-11) avant"),
        ("periods", [{"start": "2020-01-01", "end": "2024-01-01"}], "plus de trois ans"),
        ("periods", [{"start": "9999-12-30", "end": "9999-12-31"}], "hors des années"),
        ("periods", ["2027"], "periods[0] : « 2027 » n’est pas une période"),
        ("days", {"12/01/2027": []}, "days.12/01/2027 : « 12/01/2027 » n’est pas une date AAAA-MM-JJ"),
        ("days", {"2027-02-30": []}, "days.2027-02-30"),
        ("days", {"2027-01-12": ["08:00"]}, "days.2027-01-12[0]"),
        ("student__birth_date", "17/03/2010", "student.birth_date"),
        ("student__birth_date", 2010, "student.birth_date : « 2010 » n’est pas une date AAAA-MM-JJ"),
        ("student__birth_date", "２０１０-03-17", "student.birth_date"),
        ("student__birth_date", "2010-03-17\n", "student.birth_date"),
        ("host__siret", "73282932000075", "host.siret : « 73282932000075 » n’est pas un SIRET"),
        ("host__staff", "douze", "host.staff"),
        ("host__staff", True, "host.staff"),
        ("host__staff", 12.5, "host.staff"),
        ("host__staff", -1, "host.staff"),
        ("host__staff", 10**400, "host.staff"),
        ("host__regime", "autre", "host.regime"),
        ("host__territory", "99", "host.territory : « 99 » n’est pas un département"),
        ("works", ["28", "38"], "works[1] : « 38 » n’est pas un numéro de travaux"),
        ("works", "28", "works : « 28 » n’est pas une liste"),
        ("works", [28], "works[0]"),
        ("objectives", "a" * 50, "objectives"),
        ("school__name", "a" * 601, "school.name"),
        ("school__name", "\ud800", "school.name"),
        ("school", "Lycée", "school : « Lycée » n’est pas un objet"),
        ("host__representative", ["Karim"], "host.representative : cette liste n’est pas un objet"),
        ("overrides", [{"code": "sunday"}], "overrides[0] : il manque « reason »"),
        ("finance__gratification", {"hourly": "4,50"}, "finance.gratification.hourly"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_path(path, value, reason):
    assert reason in refusal(convention(**{path: value}))


@pytest.mark.parametrize("data", [None, [], "texte", 3, {}, {"type": None}, {"type": ["agricole"]}])
def test_what_is_not_a_convention_is_refused(data):
    assert refusal(data)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "ligne 1, colonne 1"),
        ('{"type": }', "ligne 1, colonne 10"),
        ('{"type": "agricole", "type": "agricole"}', "type : cette clé est donnée deux fois"),
        ('{"host": {"staff": 1, "staff": 2}}', "staff : cette clé"),
        ('{"a": NaN}', "NaN n’est pas un nombre JSON"),
        ('{"a": -Infinity}', "-Infinity"),
        ('{"a": ' + "9" * 5000 + "}", "démesuré"),
        ("[" * 100_000, "trop profond"),
    ],
)
def test_faults_of_the_text_are_one_line(text, reason):
    with pytest.raises(InvalidData) as caught:
        loads(text)
    assert reason in str(caught.value)


def test_abysses_are_refused():
    deep = {"type": "agricole"}
    for _ in range(60):
        deep = {"type": "agricole", "own": deep}
    assert "niveaux" in refusal(deep)


def test_a_hostile_path_does_not_reach_the_terminal():
    told = refusal(convention(days={"\x1b[2J" + "x" * 500: []}))
    assert "\x1b" not in told
    assert len(told) < 300


def is_json(data):
    """NaN and infinities are floats to Python and nothing to JSON: the reader of files refuses them before."""
    try:
        return bool(json.dumps(data, allow_nan=False))
    except ValueError:
        return False


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(data=mutated())
def test_our_reading_of_the_schema_is_the_library_s(data):
    assume(is_json(data))
    theirs = jsonschema.Draft202012Validator(schema()).is_valid(data)
    try:
        validate(data)
    except InvalidData:
        assert not theirs
    else:
        assert theirs


@pytest.mark.parametrize("text", ["0211033J", "0090015T"])
def test_uai_with_the_right_letter(text):
    assert is_uai(text)
    assert not is_uai(text[:-1] + "A")
    assert not is_uai(text.lower())
    assert not is_uai(text + "\n")


@given(st.text(max_size=20))
def test_identifiers_never_fail(text):
    assert is_siret(text) in (True, False)
    assert is_uai(text) in (True, False)


@given(st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_spoils_a_siret(rank, shift):
    good = "73282932000074"
    wrong = good[:rank] + str((int(good[rank]) + shift) % 10) + good[rank + 1 :]
    assert is_siret(good)
    assert is_siret("732 829 320 00074")
    assert not is_siret(wrong)


def test_la_poste_has_its_own_key():
    assert is_siret("35600000000048")  # the head office has the ordinary key
    assert is_siret("35600000049837")
    assert not is_siret("35600000049838")


def test_a_siret_bears_two_keys_and_no_zeros():
    """Its own, and its SIREN's: two digits changed so that the whole still adds up."""
    assert not is_siret("00000000000000")
    assert not is_siret("73282932000000")
    assert luhn.is_valid("08282932000074")
    assert not is_siret("08282932000074")
    assert is_siret("732\N{NO-BREAK SPACE}829\u202f320 00074")
    assert not is_siret("732-829-320-00074")
    assert not is_siret("٧٣٢٨٢٩٣٢٠٠٠٠٧٤")
