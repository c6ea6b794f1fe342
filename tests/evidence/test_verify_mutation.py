"""Mutated PDFs and bundles: always a verdict, in little memory. PFMP_MUTATIONS says how many, 2000 unless told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
COUNT = int(os.environ.get("PFMP_MUTATIONS", "2000"))


@pytest.mark.slow
def test_every_mutation_gives_a_verdict_within_300_mb():
    command = [sys.executable, "-m", "tests.support.mutating", str(COUNT), "20260901"]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert sum(found["verdicts"].values()) == COUNT
    assert found["peak_mb"] < 300
    assert found["wrong"] == []
    assert found["verdicts"]["no"] > COUNT * 0.8
