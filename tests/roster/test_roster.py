"""Class lists: all of it or nothing, every fault with its line."""

import pytest

from pfmp_saas.roster import files as roster

HEADER = "Nom;Prénom;Date naissance;Classe;Courriel;Représentant;Courriel représentant"


def _faults(*lines, encoding="utf-8"):
    return [
        (fault.line, fault.message)
        for fault in roster.read("\n".join([HEADER, *lines]).encode(encoding)).faults
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_is_read_whatever_the_spreadsheet_wrote(encoding):
    line = "Lefèvre;Zoé;12/01/2010;1MV2;Zoe@eleve.example;Ana Lefèvre;ana@famille.example"
    found = roster.read(f"{HEADER}\r\n{line}\r\n\r\n".encode(encoding))
    assert not found.faults
    assert found.pupils[0]["last_name"] == "Lefèvre"
    assert found.pupils[0]["birth_date"] == "2010-01-12"
    assert found.pupils[0]["email"] == "zoe@eleve.example"


@pytest.mark.parametrize(
    ("line", "number", "word"),
    [
        ("Lefèvre;Zoé;31/02/2010;1MV2;;;", 2, "calendrier"),
        ("Lefèvre;;12/01/2010;1MV2;;;", 2, "prenom"),
        ("Lefèvre;Zoé;12/01/2010;1MV2;zoe.example;;", 2, "adresse électronique"),
        ("Lefèvre;Zoé;12/01/2010;1MV2;;Ana;", 2, "vont ensemble"),
        ("Lefèvre;Zoé;12-01-2010;1MV2;;;", 2, "n’est pas une date"),
    ],
)
def test_a_fault_names_its_line(line, number, word):
    found = _faults(line)
    assert found[0][0] == number
    assert word in found[0][1]


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"a;b\n1;2", b"nom;prenom;date_naissance\n"])
def test_what_is_no_list_is_refused(content):
    found = roster.read(content)
    assert found.faults
    assert not found.pupils
