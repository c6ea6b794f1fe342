"""Names are compared in one way."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ARRAY, Text, bindparam, func, select

from pfmp_saas.core import reading
from pfmp_saas.core.text import DAYS, fold, folding, hidden


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Élodie", "elodie"),
        ("Élodie", unicodedata.normalize("NFD", "ÉLODIE")),
        ("İnönü", "inonu"),
        ("ISPARTA", "ısparta"),
        ("D’Arc", "d'arc"),
        ("D‘Arc", "d´arc"),
        ("Jean‑Pierre", "jean - pierre"),
        ("Le  Goff", "le\N{NO-BREAK SPACE}goff "),
        ("Œuvrard", "oeuvrard"),
        ("Strauß", "STRAUSS"),
        ("Łukasz", "lukasz"),
    ],
)
def test_two_writings_of_one_name_are_one(one, other):
    assert fold(one) == fold(other)


def test_two_names_stay_two():
    assert fold("Anne Marie") != fold("Annemarie")
    assert fold("D'Arc") != fold("Darc")
    assert fold("李") == "李"


@given(text=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_postgresql_folds_any_text_alike(text, db):
    assert db.scalar(select(func.pfmp_fold(text))) == fold(text)


def test_postgresql_folds_every_character_alike(db):
    """Every character of Unicode, one by one: those of which the table says nothing too."""
    every = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    pieces = ["x".join(every[start : start + 512]) for start in range(0, len(every), 512)]
    written = func.unnest(bindparam("pieces", pieces, ARRAY(Text))).column_valued("written")
    found = list(db.execute(select(written, func.pfmp_fold(written))))
    assert len(found) == len(pieces)
    assert [piece for piece, folded in found if folded != fold(piece)] == []


def test_the_table_is_unicode_s_own():
    """Decomposed for compatibility, case folded, marks taken off; what is alike to a reader of names besides."""
    apart = set("’‘ʼ´`′-‐‑‒–—―_−œŒæÆıłŁøØđĐðÐþÞħĦŧŦ\u00ad")
    for code in range(0x110000):
        letter = chr(code)
        old = unicodedata.ucd_3_2_0
        if old.category(letter)[0] not in "LN" or letter in apart or 0xAC00 <= code < 0xD7A4:
            continue
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
        plain = "".join(each for each in plain if not unicodedata.combining(each))
        if not apart & set(plain) and "\u0671" not in plain and plain.strip() == plain:
            assert folding().get(code, letter) in (plain, ""), hex(code)


@given(st.text())
def test_folding_twice_changes_nothing_and_the_form_of_unicode_does_not_count(text):
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_monday_comes_first():
    assert next(iter(DAYS)) == "monday"
    assert list(DAYS.values())[6] == "dimanche"


@pytest.mark.parametrize(("letter", "named"), [
    ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"), ("\u2067", "U+2067"), ("\u200b", "U+200B espace sans largeur"), ("\ufeff", "U+FEFF"),
    ("\ue000", "U+E000 caractère privé"), ("\ud800", "U+D800 moitié"), ("\x00", "U+0000 caractère de commande"), ("\x1b", "U+001B"),
    ("\U000e0041", "U+E0041"), ("\u3164", "U+3164 HANGUL FILLER"), ("\u2028", "U+2028"),
])  # fmt: skip
def test_what_hides_or_turns_round_a_text_is_refused_by_its_name(letter, named):
    for read in (reading.line, reading.paragraphs, reading.lines):
        if letter == "\u2028" and read is not reading.line:
            continue  # a line break among others
        with pytest.raises(ValueError, match=re.escape(named)):
            read(f"Zoé{letter} Lefèvre")


def test_a_line_break_is_no_part_of_a_line():
    with pytest.raises(ValueError, match="Alt"):
        reading.line("Zoé\nLefèvre")
    assert reading.line(" Zoé \N{NO-BREAK SPACE} Lefe\u0300vre\n") == "Zoé Lefèvre"
    assert reading.line("co\u00adopé\u00adration") == "coopération"
    assert reading.line(" \n ") is None


def test_the_bullets_of_word_are_dashes():
    typed = "Objectifs\u00a0:\r\n•\tRégler un tour\r\n\uf0b7 Lire un plan\v▪Ranger \r\no\tBalayer\r\n\r\nFin"
    assert (
        reading.paragraphs(typed)
        == "Objectifs :\n- Régler un tour\n- Lire un plan\n- Ranger\n- Balayer\n\nFin"
    )
    assert reading.lines("• Régler\n\n- Lire\n  Ranger - vite") == ["Régler", "Lire", "Ranger - vite"]


@given(st.text())
def test_what_is_stored_is_read_again_the_same(text):
    for read in (reading.line, reading.paragraphs):
        try:
            stored = read(text)
        except ValueError:
            continue
        assert stored is None or read(stored) == stored
        assert not list(hidden(stored or ""))
