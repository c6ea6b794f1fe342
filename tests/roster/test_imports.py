"""A school's files taken in: nothing before « Importer », all in one act, back for a day, row by row."""

import io
import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import Conflict, NotFound
from pfmp_saas.roster.imports import errors, queries, snapshots, undoing, use_cases
from pfmp_saas.roster.imports.comparing import Plan
from pfmp_saas.roster.imports.models import RosterChange, RosterFile, RosterImport
from pfmp_saas.roster.imports.use_cases import Decisions
from pfmp_saas.roster.models import Student
from pfmp_saas.roster.reading.files import Source
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW, TODAY
from tests.support.pages import OFFICE, PYRENE, UAI, page

HEAD = "nom;prenom;date de naissance;classe;courriel;Responsable;Mail responsable;Nom autre repr. légal\n"
SIECLE = sorted((Path(__file__).parents[1] / "data" / "siecle").glob("*.xml"))


def _all(db):
    """Every pupil of the school as he or she stands, by identifier."""
    db.expire_all()
    return {row.id: snapshots.of(row) for row in queries.known(db)}


def _of(db, name):
    return db.scalars(select(Student).where(Student.last_name == name)).one()


def test_the_same_file_twice_changes_nothing(db, imported):
    text = (
        HEAD
        + "Zed;Ana;12/01/2010;9Z;ana@x.example;Luc Zed;luc@x.example;Eve Zed\nZou;Ugo;13/01/2010;9Z;;;;\n"
    )
    row, _ = imported(text)
    assert (row.told["new"], row.told["changed"]) == (2, 0)
    after = _all(db)
    again, plan = imported(text)
    assert (again.told["same"], plan.new, plan.changed, _all(db) == after) == (2, (), (), True)
    assert db.scalar(select(func.count(RosterFile.id)).where(RosterFile.import_id == again.id)) == 0


def test_what_a_file_changes_is_told_and_what_it_leaves_blank_stays(db, imported):
    imported(HEAD + "Zed;Ana;12/01/2010;9Z;ana@x.example;Luc Zed;luc@x.example;Eve Zed\n")
    _, plan = imported(HEAD + "ZED;Ana;12/01/2010;9Y;;zed LUC;;\n")
    (line,) = plan.changed
    told = {label: (before, after) for label, before, after in line.changes}
    assert told.pop("représentants") == (
        "Luc Zed, luc@x.example ; Eve Zed",
        "zed LUC, luc@x.example ; Eve Zed",
    )
    assert told == {"nom": ("Zed", "ZED"), "classe": ("9Z", "9Y")}
    assert _of(db, "ZED").email == "ana@x.example"


def test_same_name_another_day_of_birth_is_decided_by_a_person(db, imported):
    imported(HEAD + "Zed;Ana;12/01/2010;9Z;;;;\nZou;Ugo;13/01/2010;9Z;;;;\nZut;Eva;14/01/2010;9Z;;;;\n")
    text = HEAD + "Zed;Ana;21/01/2010;9Z;;;;\nZou;Ugo;31/01/2010;9Z;;;;\nZut;Eva;15/01/2010;9Z;;;;\n"
    row, plan = imported(text, doubtful={0: "same", 1: "new"})
    assert [line.name for line in plan.doubtful] == ["Zed Ana", "Zou Ugo", "Zut Eva"]
    assert (row.told["changed"], row.told["new"], row.told["aside"]) == (1, 1, 1)
    born = [f"{each.birth_date:%d}" for each in queries.known(db) if each.class_name == "9Z"]
    assert sorted(born) == ["13", "14", "21", "31"]


def test_who_left_who_is_an_apprentice_and_who_is_absent(db, imported):
    header = "nom;prenom;date de naissance;classe;statut;date de sortie\n"
    lines = [f"Z{rank};Ana;1{rank}/01/2010;9Z;ST;" for rank in range(4)]
    imported(header + "\n".join(lines))
    lines = [lines[0].replace("ST", "AP"), lines[1] + "02/10/2026", lines[2]]
    row, plan = imported(header + "\n".join(lines))
    assert [line.name for line in plan.leaving] == ["Z1 Ana", "Z0 Ana"]
    assert [line.name for line in plan.absent] == ["Z3 Ana"]
    assert (row.told["gone"], _of(db, "Z3").left_on) == (2, None)
    imported(header + "\n".join(lines[1:]), absent_leave=True)
    assert _of(db, "Z3").left_on == TODAY
    assert imported(header + "Z3;Ana;13/01/2010;9Z;ST;")[0].told["changed"] == 1
    assert _of(db, "Z3").left_on is None  # back at school


def test_an_import_taken_back_leaves_what_was_changed_since(db, imported):
    imported(
        HEAD
        + "Zed;Ana;12/01/2010;9Z;ana@x.example;Luc Zed;luc@x.example;Eve Zed\nZou;Ugo;13/01/2010;9Z;;;;\n"
    )
    before = _all(db)
    text = HEAD + "".join(
        f"{name};{first};{day}/01/2010;9X;;{first} Pa;;\n"
        for name, first, day in (
            ("Zed", "Ana", 12),
            ("Zou", "Ugo", 13),
            ("Zip", "Léo", 14),
            ("Zac", "Max", 15),
            ("Zoé", "Noa", 16),
        )
    )
    row, _ = imported(text)
    _of(db, "Zou").class_name = "9W"
    _of(db, "Zoé").email = "noa@x.example"
    conventions.create_draft(db, student_id=_of(db, "Zac").id, created_by=None, now=NOW)
    db.flush()
    undoing.undo(db, row.id, NOW + timedelta(hours=23))
    outcomes = {each.name: each.outcome for each in queries.changes(db, row.id)}
    assert outcomes == {
        "Zed Ana": undoing.RESTORED, "Zou Ugo": undoing.SINCE, "Zip Léo": undoing.REMOVED,
        "Zac Max": undoing.USED, "Zoé Noa": undoing.SINCE,
    }  # fmt: skip
    after = _all(db)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {_of(db, "Zou").id}
    assert {after[each]["last_name"] for each in set(after) - set(before)} == {"Zac", "Zoé"}
    with pytest.raises(Conflict):
        undoing.undo(db, row.id, NOW)


def test_after_a_day_an_import_stays_and_forgets(db, imported):
    row, _ = imported(HEAD + "Zed;Ana;12/01/2010;9Z;;;;\nFaux;Ana;;9Z;;;;\n")
    assert row.read["faults"]
    later = NOW + timedelta(days=1, minutes=1)
    with pytest.raises(errors.TooLate), db.begin_nested():
        undoing.undo(db, row.id, later)
    waiting = use_cases.keep(db, [Source("a.csv", b"nom")], by=uuid.uuid4(), today=TODAY, now=NOW)
    use_cases.forget(db, later)
    db.expire_all()
    assert db.scalars(select(RosterChange)).all() == []
    assert [each.id for each in db.scalars(select(RosterImport))] == [row.id]
    assert waiting.id != row.id
    assert row.read == {}  # what was refused had names


def test_what_is_written_is_what_was_shown(db, imported):
    with pytest.raises(errors.Changed), db.begin_nested():
        imported(HEAD + "Zed;Ana;12/01/2010;9Z;;;;\n", digest="0" * 64)
    assert not db.scalars(select(Student).where(Student.last_name == "Zed")).all()


@pytest.mark.attack
def test_two_imports_at_once_add_a_pupil_once(seeded, session_factory):
    ids, told = [], []
    with session_factory.begin() as session:
        enter_tenant(session, by_uai(session, UAI).id)
        for _ in range(2):
            source = Source("a.csv", (HEAD + "Zed;Ana;12/01/2010;9Z;;;;\n").encode())
            row = use_cases.keep(session, [source], by=uuid.uuid4(), today=TODAY, now=NOW)
            ids.append((row.id, queries.plan(session, row, TODAY).digest))

    def write(import_id, digest):
        try:
            with session_factory.begin() as session:
                enter_tenant(session, by_uai(session, UAI).id)
                use_cases.write(session, import_id, Decisions(digest), today=TODAY, now=NOW)
                told.append("written")
        except errors.Changed:
            told.append("changed")

    threads = [threading.Thread(target=write, args=each) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["changed", "written"]


@pytest.mark.attack
def test_another_schools_import_does_not_exist(db, session_factory, imported):
    row, _ = imported(HEAD + "Zed;Ana;12/01/2010;9Z;;;;\n")
    db.commit()
    with session_factory() as session:
        enter_tenant(session, by_uai(session, PYRENE).id)
        for act in (queries.get, use_cases.drop, lambda s, i: undoing.undo(s, i, NOW)):
            with pytest.raises(NotFound):
                act(session, row.id)
        assert queries.changes(session, row.id) == []


def _sent(client, *files):
    data = {"liste": [(io.BytesIO(content), name) for name, content in files]}
    return client.post(f"/ecole/{UAI}/eleves/imports", data=data)


def test_the_flow_as_the_office_goes_through_it(signed_in, db):
    """Handed over, a column corrected and kept, tried, imported, taken back."""
    office, before = signed_in(OFFICE), _all(db)
    text = (
        "nom;prenom;date_naissance;groupe;classe\nNeuf;Élève;12/01/2010;8K;x\n=Faux;Autre;31/02/2010;8K;x\n"
    )
    sent = _sent(office, ("liste.csv", text.encode("cp1252")))
    here = sent.location
    shown = page(office.get(here))
    assert all(part in shown for part in ("« groupe »", "ligne 3", "31/02/2010", "Neuf Élève"))
    columns = {
        "colonne-0": "last_name",
        "colonne-1": "first_name",
        "colonne-2": "birth_date",
        "colonne-3": "class_name",
    }
    assert (
        office.post(f"{here}/colonnes", data={**columns, "colonne-4": "", "encoding": ""}).status_code == 302
    )
    assert office.post(f"{here}/colonnes", data={**columns, "colonne-4": "tenant_id"}).status_code == 404
    listed = office.get(f"{here}/essai.csv").get_data(as_text=True)
    assert "nouveau;Neuf Élève;12/01/2010" in listed
    db.rollback()
    assert _all(db) == before
    assert office.post(f"{here}/importer", data={"essai": "x"}).status_code == 409
    digest = page(office.get(here)).split('name="essai" value="')[1][:64]
    assert office.post(f"{here}/importer", data={"essai": digest}).status_code == 302
    result = page(office.get(here))
    assert "<strong>1</strong> ajoutés" in result
    assert "1 ligne refusée" in result
    assert office.post(f"{here}/importer", data={"essai": digest}).status_code == 404
    db.rollback()
    assert _of(db, "Neuf").class_name == "8K"
    assert office.post(f"{here}/annuler").status_code == 302
    assert "retiré" in page(office.get(here))
    db.rollback()
    assert _all(db) == before
    again = _sent(office, ("liste.csv", text.encode("cp1252")))
    assert "8K" in page(office.get(again.location))  # the column's match was kept
    assert office.post(f"{again.location}/abandonner").status_code == 302
    assert office.get(again.location).status_code == 404
    assert _sent(office).status_code == 422
    unread = _sent(office, ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00"))
    assert "aucune ligne n’a pu être lue" in page(office.get(unread.location))


def test_siecle_through_the_page(signed_in, db):
    office = signed_in(OFFICE)
    here = _sent(office, *((each.name, each.read_bytes()) for each in SIECLE)).location
    shown = page(office.get(here))
    assert "Écartés : 1 apprenti, 1 élève parti" in shown
    assert "absents des fichiers" in shown
    digest = shown.split('name="essai" value="')[1][:64]
    assert office.post(f"{here}/importer", data={"essai": digest}).status_code == 302
    db.rollback()
    anais = next(
        each for each in queries.known(db) if (each.last_name, each.first_name) == ("O'BRIEN", "Anaïs")
    )
    assert [each.name for each in anais.guardians] == ["Paul O'BRIEN", "Ahmed MAÎTRE"]
    again = _sent(office, *((each.name, each.read_bytes()) for each in reversed(SIECLE))).location
    assert "34 sans changement" in page(office.get(again))


@pytest.mark.long
def test_two_thousand_pupils_with_forty_faulty_lines(signed_in, db):
    lines = [
        f"Nom{rank};Prénom;{rank % 28 + 1:02}/0{rank % 9 + 1}/2010;9{rank % 60};;Pa Nom{rank};pa{rank}@x.example;Ma Nom{rank}"
        for rank in range(2000)
    ]
    for rank in range(0, 2000, 50):
        lines[rank] = lines[rank].replace("/2010;", "/20100;" if rank % 100 else "/2035;")
    content = (HEAD + "\n".join(lines)).encode("cp1252")
    office = signed_in(OFFICE)
    here = _sent(office, ("ecole.csv", content)).location
    shown = page(office.get(here))
    assert "40 lignes refusées" in shown
    assert (
        office.post(
            f"{here}/importer", data={"essai": shown.split('name="essai" value="')[1][:64]}
        ).status_code
        == 302
    )
    db.rollback()
    written = db.scalars(select(Student.last_name).where(Student.last_name.startswith("Nom"))).all()
    assert len(written) == 1960
    assert not {f"Nom{rank}" for rank in range(0, 2000, 50)} & set(written)
    before = _all(db)
    again = _sent(office, ("ecole.csv", content)).location
    assert "1960 sans changement" in page(office.get(again))
    db.rollback()
    assert _all(db) == before


@pytest.mark.parametrize(
    ("absent", "same", "few"), [(0, 0, True), (33, 67, True), (51, 49, False), (123, 0, False)]
)
def test_a_school_s_worth_of_absent_pupils_is_not_ticked_as_gone(absent, same, few):
    assert Plan(absent=(None,) * absent, same=same).few_absent is few
