"""The form's steps as data: every field has a place in FILE.json, and what the law wants can be filled in."""

import re

import pytest

from pfmp_saas.conventions import forms, use_cases
from pfmp_saas.conventions.hours import read_days, shown_days
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.steps import steps_of
from pfmp_saas.law.convention_file import schema
from pfmp_saas.types.loader import available, get_type
from pfmp_saas.types.mentions import printed
from pfmp_saas.types.model import OwnField
from pfmp_saas.types.revisions import edits
from pfmp_saas.types.revisions import use_cases as revisions
from tests.support.clock import NOW
from tests.support.pages import HEAD, OFFICE, UAI

FIELDS = {each.path: each for step in forms.STEPS.values() for each in step.fields}


def _node(path):
    node = schema()
    for name in path.split("."):
        if path.startswith("periods."):
            return {"type": ["string", "null"]}
        node = node["properties"][name]
        while "$ref" in node:
            node = schema()["$defs"][node["$ref"].rpartition("/")[2]]
    return node


@pytest.mark.parametrize("path", FIELDS)
def test_each_field_of_the_form_is_one_of_the_schema_and_of_its_kind(path):
    types = _node(path)["type"]
    assert ("boolean" in types) == (FIELDS[path].kind == "yes")
    if FIELDS[path].kind == "choice" and "enum" in _node(path):
        offered = {value or None for value, _ in FIELDS[path].options}
        assert offered == set(_node(path)["enum"])


def test_no_field_is_asked_twice():
    paths = [each.path for step in forms.STEPS.values() for each in step.fields]
    assert len(paths) == len(set(paths))


def test_what_the_new_rules_read_is_asked():
    wanted = {
        "regulated.loads_planned", "student.loads_fitness_on", "regulated.electrical_planned",
        "student.electrical_training_on", "student.electrical_habilitation_on", "student.cycle_weeks",
        "student.sequences_done", "student.course_outside_school_time", "finance.gratification.branch_minimum",
    }  # fmt: skip
    assert wanted <= set(FIELDS)


def _saved(office, draft, db, step, **typed):
    answer = office.post(
        f"/ecole/{UAI}/conventions/{draft.id}/etape/{step}",
        data={name.replace("__", "."): value for name, value in typed.items()},
    )
    db.rollback()
    return answer, db.get(Convention, draft.id, populate_existing=True).data


def _help(html, path):
    return re.search(rf'<div id="{re.escape(path)}-aide" data-check>(.*?)</div>\s*</div>', html, re.DOTALL)[1]


def test_a_tick_is_kept_and_taken_off_and_the_law_speaks_beside_the_date(signed_in, draft, db):
    office, page = signed_in(OFFICE), f"/ecole/{UAI}/conventions/{draft.id}/etape"
    answer, data = _saved(office, draft, db, "securite", regulated__loads_planned="oui", works="28")
    assert answer.status_code == 302
    assert data["regulated"]["loads_planned"] is True
    html = office.get(f"{page}/securite").text
    assert "Bloquant" in _help(html, "student.loads_fitness_on")
    assert re.search(r'id="regulated.loads_planned"[^>]* checked', html)
    assert "loads_fitness_on" not in office.get(f"{page}/eleve").text  # told on its own page only
    _, data = _saved(office, draft, db, "securite", works="28")
    assert data["regulated"]["loads_planned"] is None
    assert not re.search(r'id="regulated.loads_planned"[^>]* checked', office.get(f"{page}/securite").text)


def test_a_choice_that_is_not_offered_is_refused_beside_its_field(signed_in, draft, db):
    office = signed_in(OFFICE)
    answer, data = _saved(office, draft, db, "entreprise", host__regime="autre")
    assert answer.status_code == 422
    assert "n’est pas l’un des choix" in answer.text
    assert data["host"].get("regime") != "autre"
    _, data = _saved(office, draft, db, "entreprise", host__regime="msa", host__weekly_hours="34,5")
    assert (data["host"]["regime"], data["host"]["weekly_hours"]) == ("msa", 34.5)
    answer, _ = _saved(office, draft, db, "entreprise", host__weekly_hours="49")
    assert answer.status_code == 422


def test_what_was_said_of_a_pupil_is_not_typed_twice(draft, db):
    said = {"cycle_weeks": 22, "loads_fitness_on": "2026-11-02", "electrical_habilitation_on": "2026-11-03"}
    draft.data = {**draft.data, "student": {**draft.data["student"], **said}}
    db.flush()
    now = NOW

    def again():
        with db.begin_nested() as unwanted:
            row = use_cases.create_draft(db, student_id=draft.student_id, created_by=None, now=now)
            student = row.data["student"]
            unwanted.rollback()
        return {name: student.get(name) for name in said}

    assert again() == {**said, "electrical_habilitation_on": None}  # each host delivers its own
    draft.data = {**draft.data, "student": {**draft.data["student"], "diploma": "CAP"}}
    db.flush()
    assert again()["cycle_weeks"] is None
    assert again()["loads_fitness_on"] == "2026-11-02"


def test_a_likely_misspelling_is_asked_about_and_answered_by_a_second_tap(signed_in, draft, db):
    office = signed_in(OFFICE)
    typed = {"tutor__name": "Ana Roux", "tutor__email": "ana@gmial.com"}
    answer, data = _saved(office, draft, db, "encadrement", **typed)
    assert (answer.status_code, data["tutor"]["name"]) == (422, "Ana Roux")
    assert data["tutor"].get("email") != "ana@gmial.com"
    assert 'value="ana@gmial.com"' in answer.text
    asked = dict(re.findall(r'<button[^>]*name="adresse:tutor.email" value="([^"]*)">(\w+)', answer.text))
    assert asked == {"ana@gmail.com": "Oui", "ana@gmial.com": "Non"}
    for wanted in ("ana@gmail.com", "ana@gmial.com"):
        answer, data = _saved(office, draft, db, "encadrement", **typed, **{"adresse:tutor.email": wanted})
        assert (answer.status_code, data["tutor"]["email"]) == (302, wanted)
    answer, _ = _saved(office, draft, db, "encadrement", **typed)  # what is kept is not asked about again
    assert answer.status_code == 302


def test_every_form_with_an_address_asks(app, signed_in):
    head, member = signed_in(HEAD), {"name": "Ana Roux", "email": "ana@free.f", "role": "referent"}
    answer = head.post(f"/ecole/{UAI}/equipe", data=member)
    assert answer.status_code == 422
    assert 'name="adresse:email" value="ana@free.fr"' in answer.text
    assert 'value="Ana Roux"' in answer.text
    stranger = app.test_client()
    answer = stranger.post("/connexion/lien", data={"email": "ana@free.f"})
    assert (answer.status_code, 'name="adresse:email" value="ana@free.fr"' in answer.text) == (422, True)
    corrected = {"email": "ana@free.f", "adresse:email": "ana@free.fr"}
    assert stranger.post("/connexion/lien", data=corrected).status_code == 200


def test_a_week_is_written_once_and_its_totals_follow(signed_in, draft, db):
    office = signed_in(OFFICE)
    monday = {
        "monday.am.start": "8h",
        "monday.am.end": "12h",
        "monday.pm.start": "13h",
        "monday.pm.end": "16h30",
    }
    answer, data = _saved(office, draft, db, "horaires", **monday, vers="copier")
    assert answer.location.endswith("horaires#semaine")
    assert (
        data["timetable"]["friday"] == data["timetable"]["monday"] == [["08:00", "12:00"], ["13:00", "16:30"]]
    )
    assert data["timetable"]["saturday"] == []
    html = office.get(answer.location).text
    assert "Semaine habituelle : 37\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in html.replace(
        "\N{NO-BREAK SPACE}:", " :"
    )
    once = {**monday, "fill.hours": "9h-16h", "fill.pauses": "12h-13h", "fill.days": ["friday", "saturday"]}
    answer, data = _saved(office, draft, db, "horaires", **once, vers="remplir")
    assert (data["timetable"]["monday"][0], data["timetable"]["saturday"]) == (
        ["08:00", "12:00"], [["09:00", "12:00"], ["13:00", "16:00"]]
    )  # fmt: skip
    wrong = {**monday, "fill.hours": "9h-16h", "fill.pauses": "17h-18h", "fill.days": ["friday"]}
    answer, _ = _saved(office, draft, db, "horaires", **wrong)
    assert answer.status_code == 422
    assert "à l’intérieur des heures" in answer.text
    assert re.search(r'name="fill.hours" value="9h-16h"', answer.text)


@pytest.mark.parametrize("slug", available())
def test_the_form_asks_all_that_the_type_prints(slug):
    kind = get_type(slug)
    asked = {each.path for step in steps_of(kind).values() for each in step.fields}
    elsewhere = {"school", "attestation"}  # the settings, the last day
    rules = dict(kind.fields)
    wanted = {rules[name].path for name in printed(kind) if name in rules}
    fixed = {
        "finance.rate_per_km",
        "finance.ceiling_km",
        "referent.name",
    }  # the type's own amounts, the school's names
    assert {path for path in wanted if path.split(".")[0] not in elsewhere} - fixed <= asked


def test_a_second_period_and_particular_days_are_typed_and_shown_again(signed_in, draft, db):
    office = signed_in(OFFICE)
    dates = {"periods.start": "11/01/2027", "periods.end": "05/02/2027"}
    two = {"periods.second.start": "2027-05-24", "periods.second.end": "2027-06-18"}
    page = f"/ecole/{UAI}/conventions/{draft.id}/etape"
    assert office.post(f"{page}/dates", data=dates | two).status_code == 302
    assert 'value="18/06/2027"' in office.get(f"{page}/dates").text
    assert (
        office.post(f"{page}/dates", data=dates | {"periods.second.start": "24/05/2027"}).status_code == 422
    )
    _, data = _saved(
        office, draft, db, "horaires", days="12/01/2027 08:00-12:00 13h30 à 17h00\n13/01/2027 repos"
    )
    assert data["periods"][1] == {"start": "2027-05-24", "end": "2027-06-18"}
    assert data["days"] == {"2027-01-12": [["08:00", "12:00"], ["13:30", "17:00"]], "2027-01-13": []}
    assert read_days(shown_days(data["days"])) == data["days"]
    for wrong in (
        "demain repos",
        "12/01/2027",
        "12/01/2027 matin",
        "12/01/2027 12:00-08:00",
        "12/01/2027 08:00-25:00",
    ):
        assert _saved(office, draft, db, "horaires", days=wrong)[0].status_code == 422, wrong
    answer, data = _saved(office, draft, db, "horaires", monday__pm__start="22:00", monday__pm__end="06:00")
    assert (answer.status_code, data["timetable"]["monday"]) == (302, [["22:00", "24:00"]])


def test_a_school_s_own_field_is_asked_printed_and_stops_the_sending(signed_in, draft, db):
    office = signed_in(OFFICE)
    row = revisions.derive(db, "national-2016", None)
    revisions.change(db, row.id, edits.fields((OwnField("dossier", "Numéro de dossier", "text", True),)))
    db.get(Convention, draft.id).type_revision_id = row.id
    db.commit()
    page = f"/ecole/{UAI}/conventions/{draft.id}/etape/etablissement"
    assert "Numéro de dossier" in office.get(page).text
    assert "à remplir" in _help(office.get(page).text, "own.dossier")
    assert office.post(f"/ecole/{UAI}/conventions/{draft.id}/envoyer").status_code == 422
    _, data = _saved(office, draft, db, "etablissement", own__dossier="D-42")
    assert data["own"] == {"dossier": "D-42"}
    assert "à remplir" not in office.get(page).text
