"""The form's steps as data: every field has a place in FILE.json, and what the law wants can be filled in."""

import re

import pytest
from sqlalchemy import select

from pfmp_saas.conventions import forms
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.shape import schema
from tests.browser import clean
from tests.test_portals import OFFICE, UAI, db, signed_in

__all__ = ["db", "signed_in"]  # fixtures
FIELDS = {each.path: each for step in forms.STEPS.values() for each in step.fields}


def _node(path):
    node = schema()
    for name in path.split("."):
        if name in ("start", "end") and path.startswith("periods."):
            return {"type": ["string", "null"]}
        node = node["properties"][name]
        while "$ref" in node:
            node = schema()["$defs"][node["$ref"].rpartition("/")[2]]
    return node


@pytest.mark.parametrize("path", FIELDS)
def test_each_field_of_the_form_is_one_of_the_schema_and_of_its_kind(path):
    types = _node(path)["type"]
    assert ("boolean" in types) == (FIELDS[path].kind == "yes")
    if FIELDS[path].kind == "choice":
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


@pytest.fixture
def draft(db):
    return db.scalars(select(Convention).where(Convention.state == "draft")).one()


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


@pytest.mark.browser
def test_every_step_reads_well_on_a_phone(demo, page):
    base, _ = demo
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    page.get_by_role("link", name=re.compile("Fontaine")).click()
    at = page.url
    for slug in forms.STEPS:
        page.goto(f"{at}/etape/{slug}")
        clean(page)
