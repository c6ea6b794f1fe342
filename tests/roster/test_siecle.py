"""SIECLE's three files: who is kept, who is apart, whose guardians are the legal ones."""

import io
import zipfile
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from tests.roster.conftest import TODAY

FILES = sorted((Path(__file__).parents[1] / "data" / "siecle").glob("*.xml"))
PUPILS, COURSES, GUARDIANS = FILES
CLASSES = {"1CAP MV": 6, "1MV1": 4, "1MV2": 8, "2CAP MV": 7, "2MV1": 3, "TMV1": 6}


def _counts(found, today=TODAY):
    kept = found.kept(today)
    return (
        len(kept),
        len(found.apprentices(today)),
        len(found.left(today)),
        sum(not each.guardians for each in kept),
    )


@pytest.mark.parametrize(
    "order", list(permutations(FILES)), ids=lambda order: "-".join(each.stem[:1] for each in order)
)
def test_in_any_order_the_same_pupils(read, order):
    found = read(*order)
    assert (_counts(found), found.faults) == ((34, 1, 1, 2), ())
    by_class = [pupil.class_name for pupil in found.kept(TODAY)]
    assert {name: by_class.count(name) for name in set(by_class)} == CLASSES


def test_zipped_they_are_the_same(read):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in FILES:
            archive.write(file, f"export/{file.name}")
    assert _counts(read(memory.getvalue(), name="siecle.zip")) == (34, 1, 1, 2)


def test_guardians_are_the_legal_ones_both_and_the_one_to_call_first_the_first(read):
    anais = read(*FILES).pupils[0]
    assert [guardian.name for guardian in anais.guardians] == ["Paul O'BRIEN", "Ahmed MAÎTRE"]
    assert anais.guardians[0].address == "8 place de l'Hôtel-de-Ville, 21000 DIJON"
    assert sum(len(pupil.guardians) for pupil in read(*FILES).kept(TODAY)) == 44


def test_a_pupil_leaves_on_the_day_of_leaving(read):
    assert len(read(*FILES).left(date(2026, 10, 14))) == 0
    assert len(read(*FILES).left(date(2026, 10, 15))) == 1


def test_a_group_is_no_class(read):
    assert not [pupil for pupil in read(*FILES).pupils if pupil.class_name.startswith("_")]


def test_the_course_is_named(read):
    assert read(*FILES).pupils[0].course_title == "TLE PRO MAINTENANCE DES VEHICULES"
    assert read(PUPILS).pupils[0].course_title == ""


def test_without_the_pupils_file_a_fault_says_so(read):
    (fault,) = read(GUARDIANS, COURSES).faults
    assert "ElevesSansAdresses.xml" in fault.reason


@pytest.mark.parametrize(("old", "new", "reason"), [
    (b"<DATE_NAISS>30/11/2009<", b"<DATE_NAISS>31/11/2009<", "calendrier"), (b"<NOM_DE_FAMILLE>O'BRIEN<", b"<NOM_DE_FAMILLE> <", "le nom"),
    (b"</BEE_ELEVES>", b"", "incomplet"), (b"<UAJ>0211033J<", b"<UAJ>0211034K<", "autre établissement"),
    (b"<ANNEE_SCOLAIRE>2026<", b"<ANNEE_SCOLAIRE>2025<", "autre année"),
    (b"<BEE_ELEVES", b'<!DOCTYPE x [<!ENTITY a "aa">]><BEE_ELEVES', "entités"), (b"BEE_ELEVES", b"BEE_AUTRES", "n’est pas un fichier de SIECLE"),
    (b"ISO-8859-15", b"ISO-NONE-15", "encodage"),
])  # fmt: skip
def test_a_damaged_file_is_told_with_its_line(read, old, new, reason):
    content = PUPILS.read_bytes()
    assert old in content
    changed = content.replace(old, new) if old == b"BEE_ELEVES" else content.replace(old, new, 1)
    found = read(changed, GUARDIANS, name=PUPILS.name)
    assert any(reason in fault.reason for fault in found.faults), found.faults


def test_a_guardians_bad_address_is_a_fault_with_its_line(read):
    changed = GUARDIANS.read_bytes().replace(b"parent0@famille.example", b"parent0@@famille.example")
    (fault,) = read(PUPILS, changed, name=GUARDIANS.name).faults
    assert (fault.line, "adresse électronique" in fault.reason) == (11, True)


@pytest.mark.attack
def test_an_archive_that_swells_is_stopped(read):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 41_000_000)
    (fault,) = read(memory.getvalue(), name="a.zip").faults
    assert "40 Mo" in fault.reason


def test_a_source_is_named_by_its_member(read):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("dossier/liste.csv", "nom;date_naissance\nFaux;hier\n")
    (fault,) = read(memory.getvalue(), name="a.zip").faults
    assert (fault.file, fault.line) == ("liste.csv", 2)
