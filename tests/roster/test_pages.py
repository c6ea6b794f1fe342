"""The roster's pages: a pupil's sheet, classes promoted, a course typed once; lists that leave as files."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.staff import loads
from pfmp_saas.roster import queries
from pfmp_saas.roster.forms import promoted
from pfmp_saas.roster.models import Course, Student
from tests.support.clock import NOW, TODAY
from tests.support.pages import OFFICE, UAI, page

PUPILS = f"/ecole/{UAI}/eleves"
ZOE = {
    "last_name": "Zadig", "first_name": "Zoé", "birth_date": "12/01/2010", "class_name": "9Z", "email": "zoe@x.example",
    "guardian1_name": "Ana Zadig", "guardian1_email": "ana@x.example", "guardian2_name": "Luc Zadig", "guardian2_phone": "06 00 00 00 00",
}  # fmt: skip


def _zoe(db):
    db.rollback()
    return db.scalars(select(Student).where(Student.last_name == "Zadig")).one_or_none()


def test_a_pupil_is_added_changed_gone_back_and_erased(signed_in, db):
    office = signed_in(OFFICE)
    sheet = office.post(f"{PUPILS}/nouveau", data=ZOE).location
    assert [each.name for each in _zoe(db).guardians] == ["Ana Zadig", "Luc Zadig"]
    assert office.post(f"{PUPILS}/nouveau", data=ZOE).status_code == 422  # known already
    assert office.post(sheet, data={**ZOE, "guardian2_name": ""}).status_code == 422  # a phone of nobody
    assert office.post(sheet, data={**ZOE, "second_first": "oui"}).status_code == 302
    zoe = _zoe(db)
    assert [(each.position, each.name, each.email) for each in zoe.guardians] == [
        (1, "Luc Zadig", ""), (2, "Ana Zadig", "ana@x.example"),
    ]  # fmt: skip
    row = conventions.create_draft(db, student_id=zoe.id, created_by=None, now=NOW)
    assert row.data["student"]["guardian"]["name"] == "Luc Zadig"
    db.rollback()
    assert office.post(f"{sheet}/parti", data={"left_on": "hier"}).status_code == 422
    assert office.post(f"{sheet}/parti", data={"left_on": "01/10/2026"}).status_code == 302
    assert "Zadig" not in page(office.get(f"{PUPILS}?q=zadig")).split("table")[-1]
    assert "Zadig" in page(office.get(f"{PUPILS}?partis=oui"))
    assert office.post(f"{sheet}/retour").status_code == 302
    assert _zoe(db).left_on is None
    assert office.post(f"{sheet}/effacer").status_code == 302
    assert _zoe(db) is None


def test_a_pupil_with_a_convention_is_not_erased(signed_in, hugo):
    refused = signed_in(OFFICE).post(f"{PUPILS}/{hugo.student_id}/effacer")
    assert refused.status_code == 409
    assert "marquez-le parti" in page(refused)
    assert 'value="Morel"' in page(refused)


def test_two_rows_of_one_pupil_become_one(signed_in, db, hugo):
    office = signed_in(OFFICE)
    kept = office.post(
        f"{PUPILS}/nouveau",
        data={
            **ZOE,
            "guardian1_name": "",
            "guardian1_email": "",
            "guardian2_name": "",
            "guardian2_phone": "",
        },
    ).location
    more = {**ZOE, "birth_date": "21/01/2010", "address": "3 rue Basse", "email": ""}
    other = office.post(f"{PUPILS}/nouveau", data=more).location
    other_id = uuid.UUID(other.rsplit("/", 1)[1])
    draft = conventions.create_draft(db, student_id=other_id, created_by=None, now=NOW)
    db.commit()
    assert f"/fusion/{other_id}" in page(office.get(kept))
    assert office.post(f"{kept}/fusion/{other_id}").status_code == 302
    zoe = _zoe(db)
    assert (zoe.email, zoe.address, len(zoe.guardians)) == ("zoe@x.example", "3 rue Basse", 2)
    db.refresh(draft)
    assert draft.student_id == zoe.id
    assert office.post(f"{kept}/fusion/{hugo.student_id}").status_code == 302
    db.rollback()
    assert (
        db.get_one(Student, hugo.student_id, populate_existing=True).left_on == TODAY
    )  # his convention was sent


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_leaves_as_a_file_without_formulas(signed_in, db, kind):
    office = signed_in(OFFICE)
    office.post(f"{PUPILS}/nouveau", data={**ZOE, "first_name": '=HYPERLINK("http://x.example")'})
    answer = office.get(f"{PUPILS}/liste.{kind}?classe=9Z")
    assert answer.status_code == 200
    if kind == "csv":
        assert "Zadig;\"'=HYPERLINK(" in answer.get_data(as_text=True)


def test_the_list_is_sorted_and_goes_on_after_its_last(db, seeded):
    for order in queries.ORDERS:
        whole = queries.page(db, order=order)
        assert queries.page(db, order=order, after=whole[1].id) == whole[2:]
    assert [each.birth_date for each in queries.page(db, order="naissance")] == sorted(
        each.birth_date for each in whole
    )


def test_a_course_is_typed_once_and_taken_up(signed_in, db):
    office, mef = signed_in(OFFICE), "24721221321"
    assert "24721221321" in page(office.get(f"/ecole/{UAI}/formations/nouvelle?mef=24721221321"))
    course = {
        "mef": mef,
        "diploma": "Bac pro",
        "title": "Tôlerie",
        "hours": "770",
        "type_slug": "bts-stage",
        "works": "28\n29",
    }
    assert (
        office.post(f"/ecole/{UAI}/formations/nouvelle", data={**course, "type_slug": "x"}).status_code == 422
    )
    assert office.post(f"/ecole/{UAI}/formations/nouvelle", data=course).status_code == 302
    assert office.post(f"/ecole/{UAI}/formations/nouvelle", data=course).status_code == 422
    office.post(f"{PUPILS}/nouveau", data={**ZOE, "mef": mef})
    row = conventions.create_draft(db, student_id=_zoe(db).id, created_by=None, now=NOW)
    assert {name: row.data["student"][name] for name in ("diploma", "course_title", "course_hours")} == {
        "diploma": "Bac pro", "course_title": "Tôlerie", "course_hours": 770,
    }  # fmt: skip
    assert (row.type_slug, row.data["works"]) == ("bts-stage", ["28", "29"])
    db.rollback()
    known = db.scalars(select(Course).where(Course.title == "Tôlerie")).one()
    shown = page(office.get(f"/ecole/{UAI}/formations/{known.id}"))
    assert "Allocation de l’État" in shown or "Aucun barème" in shown
    given = {"class_name": "TMV2", "mef": known.mef}
    classes = [name for name, _ in queries.classes(db)]
    given["class_name"] = classes[0]
    assert office.post(f"/ecole/{UAI}/classes", data=given).status_code == 302
    db.rollback()
    assert set(db.scalars(select(Student.mef).where(Student.class_name == classes[0]))) == {known.mef}
    assert "Tôlerie" in page(office.get(f"/ecole/{UAI}/classes"))


def test_the_new_year_promotes_all_classes_at_once(signed_in, db):
    office, year = signed_in(OFFICE), f"/ecole/{UAI}/classes/annee"
    for rank, name in enumerate(("2ZZ1", "1ZZ1", "TZZ1")):
        office.post(f"{PUPILS}/nouveau", data={**ZOE, "first_name": f"Z{rank}", "class_name": name})
    db.rollback()
    names = [name for name, _ in queries.classes(db)]
    shown = page(office.get(year))
    sent = dict(re.findall(r'name="(devient-\d+)" value="([^"]*)"', shown))
    assert sent[f"devient-{names.index('2ZZ1')}"] == "1ZZ1"
    seen = {"shown": re.search(r'name="shown"[^>]* value="([^"]+)"', shown)[1]}
    same = seen | {f"devient-{names.index('2ZZ1')}": "1ZZ1"}
    assert office.post(year, data=same).status_code == 422  # 1ZZ1 stays: two classes would be one
    assert office.post(year, data=seen).status_code == 422
    mine = seen | {
        f"devient-{names.index('2ZZ1')}": "1ZZ1",
        f"devient-{names.index('1ZZ1')}": "TZZ1",
        f"sortent-{names.index('TZZ1')}": "oui",
    }
    assert office.post(year, data=mine).status_code == 302
    db.rollback()
    after = {
        row.first_name: (row.class_name, row.left_on is None)
        for row in db.scalars(select(Student).where(Student.last_name == "Zadig"))
    }
    assert after == {"Z0": ("1ZZ1", True), "Z1": ("TZZ1", True), "Z2": ("TZZ1", False)}
    again = office.post(year, data=mine)
    assert (again.status_code, "ont changé de classe" in page(again)) == (409, True)  # a year passes once


def test_a_referent_s_load_stands_beside_the_name(signed_in, db, hugo):
    email = hugo.data["referent"]["email"]
    before = loads(db, TODAY).get(email, 0)
    hugo.starts_on, hugo.ends_on = TODAY, TODAY
    db.commit()
    assert loads(db, TODAY)[email] == max(before, 1)
    assert loads(db, TODAY + timedelta(days=900)) == {}
    assert "le même jour sur 16" in page(signed_in(OFFICE).get(f"/ecole/{UAI}/equipe"))


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("2MV1", "1MV1"),
        ("1MV1", "TMV1"),
        ("TMV1", None),
        ("1CAP EPC", "2CAP EPC"),
        ("2CAP EPC", None),
        ("MC", "MC"),
    ],
)
def test_the_name_that_a_class_takes_is_guessed(name, after):
    assert promoted(name) == after
