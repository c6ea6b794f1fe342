"""``pfmp verify``: what it prints, and its exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pfmp_saas.cli.verify import verify
from pfmp_saas.documents.sealing import prepare
from tests.support.insiders import certified_with
from tests.support.sealed_pdf import world


def run(*arguments):
    return CliRunner().invoke(verify, [str(each) for each in arguments])


def test_the_command_says_yes_in_french_and_in_json(files):
    told = run("final.pdf", "--trust", "root.pem")
    assert told.exit_code == 0
    assert "Document intact et complet" in told.output
    value = json.loads(run("final.pdf", "--trust", "root.pem", "--json").output)
    assert value["ok"] is True
    assert len(value["signatures"]) == 5
    assert {"name", "ok", "result", "reason"} <= set(value["checks"][0])


def test_the_command_says_no_and_which_check_failed(files):
    told = run("stripped.pdf", "--trust", "root.pem", "--json")
    assert told.exit_code == 1
    checks = json.loads(told.output)["checks"]
    assert [each["name"] for each in checks if each["result"] == "failed"] == ["expected-signatures"]
    assert "il manque Tuteur" in next(each["reason"] for each in checks if not each["ok"])


def test_the_command_finds_the_root_in_the_environment_or_in_var(files, monkeypatch):
    assert run("final.pdf").exit_code == 1
    monkeypatch.setenv("PFMP_TRUST_ROOT", "root.pem")
    assert run("final.pdf").exit_code == 0
    monkeypatch.delenv("PFMP_TRUST_ROOT")
    (files / "var" / "trust").mkdir(parents=True)
    (files / "var" / "trust" / "root.pem").write_bytes(world().trust[0])
    assert run("final.pdf").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.pdf",),
        (".",),
        ("root.pem",),
        ("final.pdf", "--trust", "missing.pem"),
        ("final.pdf", "--trust", "final.pdf"),
        ("bundle.zip",),
    ],
)
def test_what_can_not_be_read_exits_two_with_one_line(files, arguments):
    (files / "bundle.zip").write_bytes(b"PK\x03\x04rest")
    told = run(*arguments)
    assert told.exit_code == 2
    assert len(told.stderr.strip().splitlines()) == 1
    assert told.stdout == ""


@pytest.mark.parametrize("option", ["--checkpoint", "--witness"])
def test_what_is_compared_with_a_bundle_is_not_passed_over_for_a_pdf(files, option):
    """Each party is mailed the PDF and a checkpoint: nobody may believe that the one was compared with the other."""
    (files / "keys.txt").write_text("# none\n")
    told = run("final.pdf", "--trust", "root.pem", option, "keys.txt")
    assert told.exit_code == 2
    assert "paquet de preuve" in told.stderr


def test_the_parser_s_remarks_do_not_reach_standard_error(files):
    broken = world().final.replace(b" 0 obj", b"  0 obj", 3)
    (files / "broken.pdf").write_bytes(broken)
    script = "from pfmp_saas.cli.verify import verify; verify()"
    command = [sys.executable, "-c", script, "broken.pdf", "--trust", "root.pem"]
    path = str(Path(__file__).parents[3])
    told = subprocess.run(
        command, capture_output=True, cwd=files, env=os.environ | {"PYTHONPATH": path}, check=False
    )
    assert told.returncode == 1
    assert told.stderr == b""


def test_letters_that_no_terminal_takes_are_no_traceback(files, monkeypatch):
    stated = prepare.statement
    monkeypatch.setattr(
        prepare,
        "statement",
        lambda *told, **more: stated(*told, **more).replace(b"convention:42", b"\\ud800\\u001b[2J"),
    )
    (files / "odd.pdf").write_bytes(certified_with(lambda pdf: pdf))
    told = run("odd.pdf", "--trust", "root.pem")
    assert told.exit_code == 0
    assert "\x1b" not in told.output
    value = json.loads(run("odd.pdf", "--trust", "root.pem", "--json").output)
    assert value["subject"] == "?\x1b[2J"
