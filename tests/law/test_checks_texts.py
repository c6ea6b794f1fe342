"""Every text of a convention is one that the document prints as it is written; every address is one that a mail reaches."""

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfmp_saas.documents.convention import render
from pfmp_saas.law.labels import label
from pfmp_saas.law.reader import printed
from pfmp_saas.types.compose import compose
from pfmp_saas.types.loader import get_type
from tests.support.law import NATIONAL, blocks, codes, convention, findings, places

ADDRESSES = (
    "school.email", "school.head.email", "host.representative.email", "tutor.email", "referent.email", "student.email",
    "student.guardian.email",
)  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_address_of_a_convention_is_judged_where_it_stands(path):
    name = path.replace(".", "__")
    for wrong in (
        "mailto:a@x.example",
        "a..b@x.example",
        "é@x.example",
        "a@x",
        " a@x.example",
        "a\u200b@x.example",
    ):
        (found,) = [
            found for found in findings(convention(**{name: wrong})) if found.code == "address-invalid"
        ]
        assert (found.where, found.severity) == (path, "block")
        assert "dresse électronique" in found.message
    assert codes(convention(**{name: "o'brien@école.example"})) == []
    (asked,) = findings(convention(**{name: "ana@gmial.com"}))
    assert (asked.where, asked.severity) == (path, "warn")
    assert "ana@gmail.com" in asked.message


@pytest.mark.parametrize(("letter", "named"), [
    ("ش", "U+0634 ARABIC LETTER SHEEN"), ("ש", "U+05E9"), ("李", "U+674E"), ("ქ", "U+10E5"), ("Հ", "U+0540"), ("😀", "U+1F600"), ("☭", "U+262D"),
])  # fmt: skip
def test_a_character_that_no_font_has_is_named_with_its_field(letter, named):
    for path, field in (
        ("student__last_name", "Nom (élève)"), ("tutor__function", "Fonction (tuteur)"), ("supervision", "Modalités de concertation"),
    ):  # fmt: skip
        (found,) = findings(convention(**{path: f"Ana {letter} {letter}"}))
        assert (found.code, found.severity, found.where) == (
            "text-unprintable",
            "block",
            path.replace("__", "."),
        )
        assert found.message.startswith(field)
        assert named in found.message
        assert letter in found.message


@pytest.mark.parametrize(
    "letter", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\x00", "\x1b", "\x85", "\u2028", "\ue000", "\uf0b7", "\U000e0041", "\ufe0f", "\u3164", "\u034f"]
)  # fmt: skip
def test_what_hides_or_turns_round_a_text_is_named(letter):
    found = findings(convention(objectives=["Régler un tour", f"Lire{letter} un plan"]))
    assert {(one.code, one.severity, one.where) for one in found} == {
        ("text-unprintable", "block", "objectives[1]")
    }
    assert f"Objectifs, ligne 2 : U+{ord(letter):04X}" in found[0].message.replace("\N{NO-BREAK SPACE}", " ")


def test_a_pile_of_marks_hides_the_lines_around():
    assert places(convention(host__name="Ze" + "\u0301\u0302\u0303\u0323" * 4), "text-unprintable") == [
        "host.name"
    ]
    assert codes(convention(tutor__name=unicodedata.normalize("NFD", "Zoé Nguyễn"))) == []


@pytest.mark.parametrize("text", [
    "Łukasz Żółć", "İpek Şahin", "Nguyễn Ặt", "Þór Guðmundsson", "D’Œuvrard–Ærø", "12\u202f500\N{NO-BREAK SPACE}€", "a\u2009b\u3000c", "Jean\u2011Luc",
])  # fmt: skip
def test_the_letters_of_europe_and_the_blanks_of_typography_pass(text):
    assert codes(convention(student__last_name=text, host__address=text, objectives=[text])) == []


def test_other_alphabets_of_the_upright_fonts_pass_where_nobody_signs_with_them():
    assert codes(convention(host__name="Цех Ω", objectives=["Ремонт\n\tΓραφή"])) == []
    assert blocks(convention(tutor__name="Жанна")) == {"text-unprintable"}


def test_a_field_of_the_type_s_own_and_one_that_nobody_names():
    assert label("own.bus", {"own.bus": "Ligne d’autocar"}) == "Ligne d’autocar"
    assert label("finance.unheard", {}) == "« finance.unheard »"
    assert label("signers[1].person", {}) == "nom (signataire)"


def texts_of(data, path=()):
    if isinstance(data, dict):
        return [found for name, item in data.items() for found in texts_of(item, (*path, name))]
    if isinstance(data, list):
        return [found for rank, item in enumerate(data) for found in texts_of(item, (*path, rank))]
    return [path] if isinstance(data, str) else []


FREE = [
    path for path in texts_of(NATIONAL)
    if path[0] not in ("type", "periods", "timetable", "days", "works") and path[-1] not in ("territory", "regime", "siret")
    and not str(path[-1]).endswith(("_on", "_date"))
]  # fmt: skip


def put(path, text):
    data = json.loads(json.dumps(NATIONAL))
    holder = data
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = text
    return data


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(FREE), text=st.text(max_size=60))
def test_any_text_in_any_field_is_judged_and_what_passes_is_printed(path, text):
    """Never a traceback; and where nothing is found, every character is one that the fonts have."""
    data = put(path, text)
    found = [one.code for one in findings(data)]
    assert render(compose(get_type("national-2016"), data)).pdf.startswith(b"%PDF")
    if "text-unprintable" not in found:
        assert get_type("national-2016").profile.printable.issuperset(
            printed(text).translate(dict.fromkeys(b"\n\r\t"))
        )
