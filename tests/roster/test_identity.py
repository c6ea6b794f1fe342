"""One pupil is one row and one search finds him or her, however the name is written."""

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from pfmp_saas.conventions import board, use_cases
from pfmp_saas.conventions.board import Asked
from pfmp_saas.core.text import fold
from pfmp_saas.roster.models import Student
from pfmp_saas.roster.reading.values import ReadPupil
from tests.support.clock import NOW, TODAY

BORN = date(2010, 3, 17)


@pytest.mark.parametrize(("first", "again"), [
    (("Lefèvre", "Zoé"), (unicodedata.normalize("NFD", "LEFÈVRE"), unicodedata.normalize("NFD", "Zoé"))),
    (("YILDIZ", "İPEK"), ("Yıldız", "ipek")),
    (("N’Guyen", "Anne‑Marie"), ("N'GUYEN", "anne marie")),
    (("Straße", "Œdipe"), ("STRASSE", "OEDIPE")),
    (("Nasrullah", ""), ("NASRULLAH", "")),
])  # fmt: skip
def test_one_name_imported_twice_is_one_pupil(db, keep_pupils, first, again):
    before = db.scalar(select(func.count(Student.id)))
    pupil = ReadPupil(*first, birth_date=BORN)
    assert keep_pupils([pupil]) == (1, 0)
    db.expire_all()
    assert keep_pupils([replace(pupil, last_name=again[0], first_name=again[1])]) == (0, 1)
    assert db.scalar(select(func.count(Student.id))) == before + 1
    assert keep_pupils([replace(pupil, birth_date=date(2010, 3, 18))]) == (0, 0)  # doubtful: left aside


def test_the_database_names_a_pupil_as_the_reading_does(db):
    rows = list(db.scalars(select(Student)))
    assert rows
    assert {row.identity for row in rows} == {
        f"{fold(row.last_name)}\n{fold(row.first_name)}" for row in rows
    }


@pytest.mark.parametrize(
    "asked",
    [
        "lefevre",
        "ZOÉ  LEFÈVRE",
        unicodedata.normalize("NFD", "zoé lefèvre"),
        "oeuvre",
        "l'Œuvre",
        "œuvre-d’or",
    ],
)
def test_a_search_finds_a_name_however_it_is_written(db, asked):
    row = use_cases.create_draft(db, student_id=None, created_by=None, now=NOW)
    use_cases.save(
        db,
        row.id,
        {"student": {"first_name": "Zoé", "last_name": "Lefèvre"}, "host": {"name": "Atelier L’Œuvre-d’Or"}},
    )
    assert row.id in [found.id for found in board.page(db, Asked(search=asked), TODAY).rows]
    for nothing in ("%", "_x_"):
        assert board.page(db, Asked(search=nothing), TODAY).rows == []
