"""The attack suite: each attack against the standalone verifier and against ``pfmp verify``, with its control.

The standalone file is run as a stranger would run it: assembled, on its own, in an interpreter that cannot import the
application. Both must give the same verdict, word for word.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pfmp_saas.cli.verify import verify
from pfmp_saas.evidence.bundle.standalone import standalone
from tests.support.attacks_bundle import BUNDLE_ATTACKS
from tests.support.attacks_pdf import PDF_ATTACKS
from tests.support.attacks_stamps import STAMP_ATTACKS
from tests.support.bundled import school
from tests.support.sealed_pdf import stamped, world

ATTACKS = [*PDF_ATTACKS, *BUNDLE_ATTACKS, *STAMP_ATTACKS]
# Runs the standalone verifier once for each list of arguments read from standard input, alone in its process.
RUNNER = """
import contextlib, io, json, runpy, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"pfmp_saas", "flask", "sqlalchemy", "reportlab", "rfc8785", "click", "pypdf"}:
            raise ImportError("the standalone verifier must not import " + name)
sys.meta_path.insert(0, Refuse())
main = runpy.run_path(sys.argv[1], run_name="standalone")["main"]
sys.stdin.reconfigure(encoding="utf-8")
for line in sys.stdin:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        code = main(json.loads(line))
        out.flush()
    sys.__stdout__.write(json.dumps([code, out.buffer.getvalue().decode()]) + "\\n")
    sys.__stdout__.flush()
"""


class Standalone:
    """One process of the standalone verifier, asked many times."""

    def __init__(self, place: Path):
        (place / "verifier.py").write_text(standalone(), encoding="utf-8")
        command = [sys.executable, "-I", "-c", RUNNER, str(place / "verifier.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=place)

    def judge(self, arguments):
        self._process.stdin.write((json.dumps(arguments) + "\n").encode())
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self):
        self._process.stdin.close()
        self._process.wait(10)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    verifier = Standalone(tmp_path_factory.mktemp("alone"))
    yield verifier
    verifier.stop()


@pytest.fixture
def arguments(tmp_path, monkeypatch):
    """Write what a reader has, and give the arguments that name it."""
    for variable in ("PFMP_TRUST_ROOT", "PFMP_TSA_TRUST"):
        monkeypatch.delenv(variable, raising=False)

    def write(given):
        tsa = b"".join((stamped().tsa.root_pem, school().tsa.root_pem))
        for name, data in (
            ("file", given.content),
            ("root.pem", given.trust or world().trust[0]),
            ("tsa.pem", given.tsa or tsa),
        ):
            (tmp_path / name).write_bytes(data)
        asked = [
            str(tmp_path / "file"),
            "--json",
            "--trust",
            str(tmp_path / "root.pem"),
            "--tsa",
            str(tmp_path / "tsa.pem"),
        ]
        for number, note in enumerate(given.checkpoints):
            (tmp_path / f"note{number}").write_bytes(note)
            asked += ["--checkpoint", str(tmp_path / f"note{number}")]
        return asked

    return write


def both(alone, asked):
    """Return the verdict, which must be the same from both."""
    told = CliRunner().invoke(verify, asked)
    code, output = alone.judge(asked)
    assert (code, json.loads(output)) == (told.exit_code, json.loads(told.stdout))
    return told.exit_code, json.loads(told.stdout)


@pytest.fixture(scope="module")
def passed():
    """The controls that passed: several attacks share one."""
    return set()


def test_there_are_more_than_thirty_attacks_each_with_its_own_name():
    assert len(ATTACKS) == len({attack.name for attack in ATTACKS})
    assert len(ATTACKS) > 60


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_seen_for_its_reason_and_its_control_passes(attack, alone, arguments, passed):
    if attack.control not in passed:
        code, verdict = both(alone, arguments(attack.control()))
        assert (code, verdict["ok"]) == (0, True), [check for check in verdict["checks"] if not check["ok"]]
        passed.add(attack.control)
    code, verdict = both(alone, arguments(attack.how()))
    failed = {check["name"]: check["reason"] for check in verdict["checks"] if not check["ok"]}
    assert (code, verdict["ok"]) == (1, False)
    seen = [reason for name, reason in failed.items() if re.fullmatch(attack.check, name)]
    assert seen, failed
    assert any(re.search(attack.reason, reason) for reason in seen), failed


def test_a_rewritten_log_passes_for_who_holds_no_earlier_checkpoint(alone, arguments):
    """The limit, held by a test: with every key in hand, only what others hold catches a whole rewrite."""
    attack = next(each for each in ATTACKS if each.name == "whole tenant rewritten")
    given = attack.how()
    assert both(alone, arguments(type(given)(given.content)))[0] == 0


def test_the_standalone_file_is_one_and_the_same_and_names_no_application():
    source = standalone()
    assert source == standalone.__wrapped__()
    assert "pfmp_saas" not in source
    imported = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
    assert imported - set(sys.stdlib_module_names) == {"asn1crypto", "cryptography", "pyhanko"}


def test_the_standalone_file_has_no_undefined_name(tmp_path):
    (tmp_path / "verifier.py").write_text(standalone(), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select",
        "F,E9",
        "verifier.py",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
