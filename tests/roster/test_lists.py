"""Lists as people's machines write them: read right, or refused with the line; never another name."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp_saas.roster.reading import files
from pfmp_saas.roster.reading.columns import meaning
from tests.roster.conftest import TODAY

LISTS = Path(__file__).parents[1] / "data" / "lists"
ONE = {
    "r01_nfc": "Lefèvre Zoé", "r02_nfd": "Lefèvre Zoé", "r06_turk": "YILDIZ İPEK", "r08_apos1": "N'Guyen Anne-Marie",
    "r10_nbsp": "Le Goff Yann", "r13_macroman": "Béranger Maël", "r14_cp850": "Béranger Maëlys", "r16_sep": "Sepp Line",
    "r17_utf16": "Seize Utf", "r18_yy": "Annee Deux", "r20_mononym": "Nasrullah", "r24_siecle": "Martin Zita",
    "r29_excel_serial": "Serie Excel", "r30_mailname": "Nom Mail",
}  # fmt: skip


def _names(found):
    return [f"{pupil.last_name} {pupil.first_name}".strip() for pupil in found.pupils]


@pytest.mark.parametrize(("file", "name"), ONE.items())
def test_a_list_of_the_field_is_read_right(read, file, name):
    found = read(LISTS / f"{file}.csv")
    assert (_names(found), found.faults) == ([name], ())
    assert found.pupils[0].birth_date.isoformat() == "2010-03-17"
    assert found.pupils[0].class_name == "1MV2"


@pytest.mark.parametrize("file", ["r18_yy", "r29_excel_serial"])
def test_a_day_not_written_in_full_is_to_be_confirmed(read, file):
    (doubt,) = read(LISTS / f"{file}.csv").doubts
    assert (doubt.line, "17/03/2010" in doubt.reason) == (2, True)


@pytest.mark.parametrize(
    ("file", "reason"),
    [("r23_mail_dots", "adresse électronique"), ("r25_rlo", "U+202E"), ("r31_newline", "Alt+Entrée")],
)
def test_what_a_mail_or_an_eye_would_read_otherwise_is_refused_with_its_line(read, file, reason):
    found = read(LISTS / f"{file}.csv")
    assert not found.pupils
    assert [(fault.line, reason in fault.reason) for fault in found.faults] == [(2, True)]


def test_an_address_of_several_lines_in_a_cell_is_one_line(read):
    found = read(
        b'nom;prenom;date_naissance;adresse;mail\nRoy;Ana;12/01/2010;"3 rue Basse\n\n21000 Dijon";ana@gmial.com\n'
    )
    assert (found.pupils[0].address, found.faults) == ("3 rue Basse, 21000 Dijon", ())
    assert [(doubt.line, "ana@gmail.com" in doubt.reason) for doubt in found.doubts] == [(2, True)]


@pytest.mark.parametrize(
    "pair", [("r01_nfc", "r02_nfd"), ("r06_turk", "r07_turk2"), ("r08_apos1", "r09_apos2")]
)
def test_one_pupil_written_in_two_ways_is_one(read, pair):
    assert len(read(*(LISTS / f"{each}.csv" for each in pair)).pupils) == 1


def test_line_ends_of_an_old_mac(read):
    assert _names(read(LISTS / "r15_cr_only.csv")) == ["Martin Paul", "Durand Luc"]


def test_a_name_with_an_address_gives_the_address(read):
    (guardian,) = read(LISTS / "r30_mailname.csv").pupils[0].guardians
    assert (guardian.name, guardian.email) == ("Mme Nom", "nom@x.example")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "iso8859_15", "mac_roman", "cp850", "utf-16"]
)
@pytest.mark.parametrize(
    "names", [("Lefèvre", "Zoé"), ("BÉRANGER", "Maëlys"), ("Françoise", "Noël"), ("ÉMÔN", "Anaïs")]
)
def test_accents_are_read_whatever_wrote_them(listed, encoding, names):
    found = listed(f"{names[0]};{names[1]};12/01/2010;1MV2;;;", encoding=encoding)
    assert _names(found) == [" ".join(names)]


def test_where_two_encodings_are_as_likely_nothing_is_guessed(read):
    found = read(b"nom;prenom;date_naissance\nB\xfeb;Li;12/01/2010\n")
    assert not found.pupils
    assert [(fault.line, "encodage" in fault.reason) for fault in found.faults] == [(2, True)]


@pytest.mark.parametrize(("line", "word"), [
    ("Lefèvre;Zoé;31/02/2010;1MV2;;;", "calendrier"), (";;12/01/2010;1MV2;;;", "le nom est à remplir"),
    ("Lefèvre;Zoé;;1MV2;;;", "date de naissance est à remplir"), ("Lefèvre;Zoé;hier;1MV2;;;", "n’est pas une date"),
    ("Lefèvre;Zoé;12/01/2010;1MV2;zoe.example;;", "adresse électronique"), ("Lefèvre;Zoé;12/01/2030;1MV2;;;", "pas encore passé"),
    ("Lefèvre;Zoé;12/01/2010;1MV2;;;ana@famille.example", "nom du représentant"), ("Lefèvre;Zoé;03/04/10;1MV2;;;", "plusieurs façons"),
    ("Lefèvre;Zoé;12/01/2010;1MV2;;;;de trop", "plus de cellules"), ("Lefèvre;Zoé\u200b;12/01/2010;1MV2;;;", "U+200B"),
    ('"Lefèvre;Zoé;12/01/2010;1MV2;;;', "guillemet"),
])  # fmt: skip
def test_a_fault_names_its_line_and_the_others_are_read(listed, line, word):
    found = listed("Avant;Un;12/01/2010;1MV2;;;", line, "Apres;Deux;13/01/2010;1MV2;;;")
    assert _names(found) == ["Avant Un", "Apres Deux"]
    assert [(fault.line, word in fault.reason) for fault in found.faults] == [(3, True)], found.faults


def test_an_unclosed_mark_that_a_later_one_closes_swallows_nobody(listed):
    found = listed(
        '"Lefèvre;Zoé;12/01/2010;1MV2;;;', "Apres;Deux;13/01/2010;1MV2;;;", 'Fin;"Trois";14/01/2010;1MV2;;;'
    )
    assert _names(found) == ["Apres Deux", "Fin Trois"]
    assert [fault.line for fault in found.faults] == [2]


@pytest.mark.parametrize(("header", "field"), [
    ("Nom de famille", "last_name"), ("NOM", "last_name"), ("Nom élève", "last_name"), ("Prénom 1", "first_name"),
    ("Date de naissance", "birth_date"), ("Né(e) le", "birth_date"), ("Division", "class_name"), ("Classe", "class_name"),
    ("Adresse e-mail", "email"), ("Courriel", "email"), ("Tél. portable", "phone"), ("Adresse", "address"),
    ("Responsable", "guardian1_name"), ("Courriel repr. légal", "guardian1_email"), ("Prénom repr. légal", "guardian1_first_name"),
    ("Nom de famille autre repr. légal", "guardian2_name"), ("Courriel autre repr. légal", "guardian2_email"),
    ("Mail du responsable 2", "guardian2_email"), ("Nom et prénom", "full_name"), ("Code MEF", "mef"),
    ("INE", "national_id"), ("Commune de naissance", None), ("Sexe", None), ("Régime", None), ("", None),
])  # fmt: skip
def test_columns_are_matched_by_meaning(header, field):
    assert meaning(header) == field


def test_what_no_column_takes_is_told(listed):
    found = listed("Lefèvre;Zoé;12/01/2010;DP", header="Nom;Prénom;Date de naissance;Régime")
    assert found.columns_left == (("liste.csv", "Régime"),)


def test_siecles_own_extraction_gives_both_guardians(listed):
    header = (
        "Nom de famille;Prénom 1;Date de naissance;Division;Nom de famille repr. légal;Prénom repr. légal;Courriel repr. légal;"
        "Nom de famille autre repr. légal;Prénom autre repr. légal;Courriel autre repr. légal"
    )
    found = listed(
        "Morel;Hugo;02/05/2010;1MV2;Morel;Ana;ana@f.example;Petit;Luc;luc@f.example",
        header=header,
        encoding="cp1252",
    )
    assert [(each.name, each.email) for each in found.pupils[0].guardians] == [
        ("Ana Morel", "ana@f.example"), ("Luc Petit", "luc@f.example")
    ]  # fmt: skip


def _workbook(*rows):
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                sheet.write(line, place, cell)
    return memory.getvalue()


def test_a_workbook_is_read_with_a_title_above_and_dates_as_dates(read):
    day = TODAY.replace(year=2010)
    rows = [
        ["Classe de 1MV2"],
        [],
        ["NOM Prénom", "Date naissance", "Div."],
        ["LE GOFF Yann", day, "1MV2"],
        ["Faux", "", "1MV2"],
    ]
    found = read(_workbook(*rows), name="liste.xlsx")
    assert [(pupil.last_name, pupil.first_name, pupil.birth_date) for pupil in found.pupils] == [
        ("LE GOFF", "Yann", day)
    ]
    assert [fault.line for fault in found.faults] == [5]


@pytest.mark.attack
@pytest.mark.parametrize("far", [("A1", "XFD1048576"), ("XFD1048576",)])
def test_a_workbook_that_stands_for_billions_of_cells_is_stopped(read, far):
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for cell in far:
            sheet.write(cell, "nom")
    found = read(memory.getvalue(), name="liste.xlsx")
    assert [(not found.pupils, bool(fault.reason)) for fault in found.faults] == [(True, True)]


@pytest.mark.attack
def test_a_workbook_that_swells_is_stopped(read):
    """Rows of one cell repeated: 300 kB stand for 300 MB."""
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_workbook(["nom", "date de naissance"]))) as plain,
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as swollen,
    ):
        for name in plain.namelist():
            content = plain.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(
                    b"</sheetData>",
                    b'<row r="3"><c r="A3" t="inlineStr"><is><t>'
                    + b"A" * 300_000_000
                    + b"</t></is></c></row></sheetData>",
                )
            swollen.writestr(name, content)
    (fault,) = read(memory.getvalue(), name="liste.xlsx").faults
    assert fault.reason


@pytest.mark.parametrize(("content", "reason"), [
    (b"", "vide"), (b"\x00\x01\x02", "ni un texte"), (b"\x89PNG\r\n\x1a\n\x00\x00", "ni un texte"), (b"a;b\n1;2", "aucune colonne"),
    (b"nom;prenom\nA;B", "date de naissance"), (b"PK\x03\x04abc", "archive"), (b"\xd0\xcf\x11\xe0abc", "classeur"),
])  # fmt: skip
def test_what_is_no_list_is_refused_with_a_reason(read, content, reason):
    found = read(content)
    assert not found.pupils
    assert [reason in fault.reason for fault in found.faults] == [True], found.faults


@settings(max_examples=150)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: f"nom;date_naissance\n{text}".encode("utf-8", "replace"))
)
def test_whatever_comes_is_read_or_refused(content):
    found = files.read([files.Source("liste.csv", content)], TODAY)
    assert all(fault.reason and fault.line >= 1 for fault in found.faults)
