"""The attack suite: each attack against the standalone verifier and against ``pfmp verify``, with its control.

The standalone file is run as a stranger would run it: assembled, on its own, in an interpreter that cannot import the
application. Both must give the same verdict, word for word.
"""

import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pfmp_saas.cli.verify import verify
from pfmp_saas.evidence.bundle.standalone import standalone
from tests.support.attacks_bundle import BUNDLE_ATTACKS
from tests.support.attacks_pdf import PDF_ATTACKS
from tests.support.attacks_stamps import STAMP_ATTACKS

ATTACKS = [*PDF_ATTACKS, *BUNDLE_ATTACKS, *STAMP_ATTACKS]


def both(alone, asked):
    """Return the verdict, which must be the same from both."""
    told = CliRunner().invoke(verify, asked)
    code, output = alone.judge(asked)
    assert (code, json.loads(output)) == (told.exit_code, json.loads(told.stdout))
    return told.exit_code, json.loads(told.stdout)


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
