"""pfmp roster read: counts, every refused line, and exit codes."""

import json
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
SIECLE = sorted((DATA / "siecle").glob("*.xml"))


def test_the_three_files_of_siecle(pfmp):
    code, out, err = pfmp("roster", "read", *reversed(SIECLE), "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert {name: told[name] for name in ("pupils", "guardians", "left", "apprentices", "without_guardian")} == {
        "pupils": 34, "guardians": 44, "left": 1, "apprentices": 1, "without_guardian": 2
    }  # fmt: skip
    assert told["classes"] == {"1CAP MV": 6, "1MV1": 4, "1MV2": 8, "2CAP MV": 7, "2MV1": 3, "TMV1": 6}
    assert told["faults"] == []
    assert len(told["list"]) == 34
    assert "34 élèves, 44 représentants légaux" in pfmp("roster", "read", *SIECLE)[1]


def test_a_refused_line_is_told_and_gives_code_one(pfmp):
    code, out, _ = pfmp("roster", "read", DATA / "lists" / "r25_rlo.csv", "--json")
    (fault,) = json.loads(out)["faults"]
    assert (code, fault["file"], fault["line"]) == (1, "r25_rlo.csv", 2)
    assert "\u202e" not in pfmp("roster", "read", DATA / "lists" / "r25_rlo.csv")[1]


def test_a_file_that_does_not_open_is_bad_input(pfmp, tmp_path):
    for path in (tmp_path / "absent.csv", tmp_path):
        code, out, err = pfmp("roster", "read", path, "--json")
        assert (code, out, err.count("\n")) == (2, "", 1)


def test_two_thousand_pupils_with_forty_faulty_lines(pfmp, tmp_path):
    lines = [f"Nom{rank};Prénom;{rank % 28 + 1:02d}/01/2010;1A" for rank in range(2000)]
    lines[::50] = ["Faux;X;31/02/2010;1A"] * 40
    file = tmp_path / "liste.csv"
    file.write_text("\n".join(["nom;prenom;date_naissance;classe", *lines]), encoding="utf-8")
    told = json.loads(pfmp("roster", "read", file, "--json")[1])
    assert (told["pupils"], [fault["line"] for fault in told["faults"]]) == (1960, list(range(2, 2002, 50)))
