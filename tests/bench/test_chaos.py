"""`make chaos`: a count that is off is said and told by the exit code; a small run of all of it finds everything there."""

import subprocess
import sys

import pytest

from pfmp_saas.bench.chaos.counts import Count, tell
from tests.support.processes import TOP


@pytest.mark.parametrize(
    ("count", "good"),
    [
        (Count("x", 3, 3), True),
        (Count("x", 2, 3), False),
        (Count("x", 2.4, 2.5, at_most=True), True),
        (Count("x", 2.6, 2.5, at_most=True), False),
        (Count("x", 7), True),
    ],
)
def test_a_count_that_is_off_is_said(capsys, count, good):
    assert tell("Essai", [Count("y", 1, 1), count]) is good
    assert ("FAUX" in capsys.readouterr().out) is not good


@pytest.mark.long
@pytest.mark.real_processes
def test_a_small_chaos_loses_nothing():
    small = ["--people", "1", "--mails", "20", "--conventions", "2", "--signings", "6"]
    done = subprocess.run(
        [sys.executable, "-m", "pfmp_saas.bench.chaos", *small], cwd=TOP, capture_output=True, check=False
    )
    printed = done.stdout.decode()
    assert (done.returncode, "Tout y est" in printed) == (0, True), printed + done.stderr.decode()[-2000:]
