"""pfmp check, schema and deadline: what they print, and how they refuse."""

import json
import os
import subprocess
import sys
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.law import DAY, NATIONAL, aged, convention, mutated


def accident(*options, kind="national-2016", territory="09", known="2026-01-13T10:30"):
    return ("deadline", "accident", "--type", kind, "--territory", territory, "--known-at", known, *options)


def test_a_lawful_convention_gives_no_finding_and_code_zero(pfmp, written):
    code, out, err = pfmp("check", written(NATIONAL), "--json")
    assert (code, json.loads(out), err) == (0, {"ok": True, "findings": []}, "")
    assert pfmp("check", written(NATIONAL))[:2] == (0, "Rien à signaler.\n")


def test_a_blocking_finding_gives_code_one(pfmp, written):
    file = written(convention(timetable__sunday=DAY))
    code, out, _ = pfmp("check", file, "--json")
    answer = json.loads(out)
    assert code == 1
    assert answer["ok"] is False
    assert {"sunday", "weekly-hours"} <= {found["code"] for found in answer["findings"]}
    assert set(answer["findings"][0]) == {"code", "severity", "source", "message", "where"}
    code, out, _ = pfmp("check", file)
    assert code == 1
    assert "BLOQUANT  Dimanche" in out


def test_a_warning_alone_gives_code_zero(pfmp, written):
    code, out, _ = pfmp("check", written(convention(school__board_date=None)), "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)
    assert json.loads(out)["findings"][0]["severity"] == "warn"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "JSON invalide, ligne 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"[1, 2]", "n’est pas un objet"),
        (b'{"type": "autre"}', "type de convention inconnu : autre (types connus : agricole, bts-stage"),
        (b'{"type": "Autre !"}', "n’est pas un type de convention"),
        (
            b'{"type": "national-2016", "timetable": {"monday": [["08:00", "25:00"]]}}',
            "timetable.monday[0][1]",
        ),
        (b'{"type": "national-2016", "periods": [{"start": "2027-02-30"}]}', "periods[0].start"),
        (b"x" * 5_000_001, "plus de 5 Mo"),
        (b"[" * 200_000, "trop profond"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_and_code_two(pfmp, tmp_path, content, reason):
    file = tmp_path / "f.json"
    file.write_bytes(content)
    code, out, err = pfmp("check", file, "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert reason in err


@pytest.mark.parametrize("name", ["absent.json", ".", "\x1b[2J.json"])
def test_a_path_that_is_no_file_is_one_line_and_code_two(pfmp, tmp_path, name):
    code, out, err = pfmp("check", f"{tmp_path}/{name}")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "\x1b" not in err


CALM = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.mark.slow
@settings(max_examples=1_500, **CALM)
@given(data=mutated())
def test_a_mutated_file_is_judged_or_refused_never_a_traceback(data, pfmp, written):
    judged_or_refused(data, pfmp, written)


@pytest.mark.long
@settings(max_examples=10_000, **CALM)
@given(data=mutated())
def test_ten_thousand_mutated_files_are_judged_or_refused(data, pfmp, written):
    judged_or_refused(data, pfmp, written)


def judged_or_refused(data, pfmp, written):
    code, out, err = pfmp("check", written_safely(written, data), "--json")
    assert code in (0, 1, 2)
    if code == 2:
        assert (out, err.count("\n")) == ("", 1)
    else:
        assert json.loads(out)["ok"] is (code == 0)


def written_safely(written, data):
    file = written({})
    file.write_text(json.dumps(data), encoding="utf-8")
    return file


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 3000), junk=st.binary(max_size=6))
def test_a_damaged_file_is_judged_or_refused_never_a_traceback(cut, junk, pfmp, written):
    file = written(NATIONAL)
    content = file.read_bytes()
    file.write_bytes(content[:cut] + junk + content[cut + len(junk) :])
    assert pfmp("check", file, "--json")[0] in (0, 1, 2)


def test_the_schema_is_printed(pfmp):
    code, out, _ = pfmp("schema", "convention")
    assert code == 0
    assert json.loads(out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert pfmp("schema", "autre")[0] == 2


def test_accident_of_the_general_regime(pfmp):
    code, out, err = pfmp(*accident("--json"))
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "declarant": "host",
        "recipient": "CPAM",
        "timezone": "Europe/Paris",
        "deadline": "2026-01-15T10:30:00+01:00",
        "inform_school_by": None,
    }


def test_accident_of_the_agricultural_regime(pfmp):
    options = ("--occurred-at", "2026-05-02T18:00", "--json")
    ask = accident(*options, kind="agricole", territory="67", known="2026-05-02T19:00+02:00")
    answer = json.loads(pfmp(*ask)[1])
    assert (answer["declarant"], answer["recipient"]) == ("school", "CAAA")
    assert answer["inform_school_by"] == "2026-05-03T18:00:00+02:00"
    assert json.loads(pfmp(*ask, "--abroad")[1])["inform_school_by"] == "2026-05-04T18:00:00+02:00"


@pytest.mark.parametrize("kind", ["lycee-pyrene", "bts-stage"])
def test_other_types_are_of_the_general_regime(pfmp, kind):
    answer = json.loads(pfmp(*accident("--host-regime", "msa", "--json", kind=kind))[1])
    assert (answer["declarant"], answer["recipient"]) == ("host", "MSA")


def test_the_worked_example_that_ends_at_midnight(pfmp):
    out = pfmp(*accident("--json", known="2026-01-18T19:00:00"))[1]
    assert json.loads(out)["deadline"] == "2026-01-21T00:00:00+01:00"


def test_good_friday_flag(pfmp):
    out = pfmp(*accident("--commune-good-friday", "--json", territory="67", known="2026-04-02T11:00"))[1]
    assert json.loads(out)["deadline"] == "2026-04-07T11:00:00+02:00"


def test_an_instant_may_be_written_in_any_zone(pfmp):
    local = pfmp(*accident("--json", territory="974", known="2026-12-18T14:00"))[1]
    assert json.loads(local)["deadline"] == "2026-12-21T14:00:00+04:00"
    assert pfmp(*accident("--json", territory="974", known="2026-12-18T10:00Z"))[1] == local


def test_the_deadline_is_read_in_french_without_json(pfmp):
    code, out, _ = pfmp(*accident())
    assert code == 0
    assert "Au plus tard : 15/01/2026 à 10:30 (Europe/Paris)" in out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (accident(kind="autre"), "--type : type de convention inconnu : autre"),
        (accident(territory="99"), "--territory : « 99 »"),
        (accident(known="hier"), "--known-at : « hier »"),
        (accident(known="2026-01-13"), "--known-at : « 2026-01-13 » n’a pas d’heure"),
        (accident(known="2026-02-30T10:00"), "--known-at"),
        (accident(known="0001-01-01T00:00"), "--known-at : année 1"),
        (accident(known="9999-12-31T23:59"), "--known-at : année 9999"),
        (accident("--occurred-at", "2026-01-14T10:00"), "--occurred-at : l’accident ne peut pas"),
        (accident("--host-regime", "autre"), "--host-regime : « autre »"),
        (("deadline", "accident", "--type", "agricole"), "il manque --territory"),
        (accident("--autre"), "option inconnue : --autre"),
        (("deadline",), "une commande est attendue"),
        (("check",), "il manque FICHIER.json"),
        (("autre",), "commande inconnue : autre"),
        (("check", "a.json", "b.json"), "un argument est de trop"),
        (("deadline", "accident", "--type"), "--type : mauvais usage"),
        ((), "une commande est attendue"),
    ],
)
def test_a_bad_use_is_one_line_and_code_two(pfmp, arguments, reason):
    code, out, err = pfmp(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert reason in err


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    known=st.one_of(
        st.text(max_size=25), st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:+Z.-]{2,14}", fullmatch=True)
    ),
    code=st.text(max_size=4),
)
def test_odd_options_never_give_a_traceback(known, code, pfmp):
    status, out, err = pfmp(*accident("--json", f"--territory={code or '09'}", f"--known-at={known}"))
    assert status in (0, 2)
    assert err.count("\n") == (1 if status else 0)
    if status == 0:
        assert datetime.fromisoformat(json.loads(out)["deadline"]).tzinfo


def test_a_terminal_without_accents_still_gets_an_answer(tmp_path):
    file = tmp_path / "convention.json"
    file.write_text(json.dumps(aged(16, timetable__sunday=DAY)), encoding="utf-8")
    program = (
        "from pfmp_saas.cli.check import check; from pfmp_saas.core.console import run_cli; run_cli(check)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "BLOQUANT" in ran.stdout


def test_repair_offers_a_lawful_timetable_on_each_finding_on_hours(pfmp, written):
    long = [["08:00", "12:00"], ["13:00", "18:00"]]
    data = aged(16, timetable__tuesday=long, timetable__friday=[["08:00", "12:00"]], objectives=[])
    code, out, _ = pfmp("check", written(data), "--json", "--repair")
    found = {each["code"]: each for each in json.loads(out)["findings"]}
    assert code == 1
    assert "repair" not in found["mention-missing"]
    offered = found["daily-hours"]["repair"]
    assert (offered["moved_minutes"], offered["total_after"]) == (240, offered["total_before"])
    assert "au lieu de 08:00–12:00 et 13:00–18:00" in " ".join(offered["changes"])
    assert "Horaire licite le plus proche" in pfmp("check", written(data), "--repair")[1]
    mended = data | {"timetable": offered["timetable"], "days": offered["days"]}
    assert "daily-hours" not in pfmp("check", written(mended), "--json", "--repair")[1]


def test_where_no_timetable_is_lawful_the_repair_is_null_with_its_reason(pfmp, written):
    data = aged(16, type="agricole", school_timetable={"monday": [["08:00", "18:00"]]})
    found = json.loads(pfmp("check", written(data), "--json", "--repair")[1])["findings"]
    daily = next(each for each in found if each["code"] == "daily-hours")
    assert daily["repair"] is None
    assert "les heures de cours" in daily["repair_reason"]
