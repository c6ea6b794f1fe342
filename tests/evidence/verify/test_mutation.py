"""Mutated PDFs and bundles: always a verdict, in little memory: five hundred, and twelve thousand in `make test-long`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("count", "seed"),
    [
        pytest.param(500, 20260901, marks=pytest.mark.slow),
        pytest.param(2_000, 20260901, marks=pytest.mark.long),
        pytest.param(10_000, 20270901, marks=pytest.mark.long),
    ],
)
def test_every_mutation_gives_a_verdict_within_300_mb(count, seed):
    command = [sys.executable, "-m", "tests.support.mutating", str(count), str(seed)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert sum(found["verdicts"].values()) == count
    assert found["peak_mb"] < 300
    assert found["wrong"] == []
    assert found["verdicts"]["no"] > count * 0.8
