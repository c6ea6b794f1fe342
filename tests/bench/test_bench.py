"""``pfmp bench``: each bench runs, names its peer, scales its limits by it, and answers by its exit code.

No time is asserted here: what it measures in so tiny a size says nothing.
"""

import json
import math

import pytest
from click.testing import CliRunner

from pfmp_saas.bench.figures import Figure, Peer, PeerClock, tell
from pfmp_saas.cli.main import pfmp

SLOW = Peer("pyHanko", value=64, reference=32)


def run(*arguments):
    """Run a bench; return its exit code and what it printed."""
    told = CliRunner().invoke(pfmp, ["bench", *arguments, "--json"], standalone_mode=False)
    assert told.exception is None, told.exception
    return told.return_value, json.loads(told.stdout)


@pytest.mark.parametrize(
    ("arguments", "peer", "references"),
    [
        (["law", "--conventions", "2"], "pyHanko", {5, 10}),
        (["render", "--conventions", "2"], "reportlab", {20, 30}),
        pytest.param(
            ["http", "--conventions", "1", "--rate", "5", "--seconds", "1"],
            "pyHanko",
            {8, 10},
            marks=pytest.mark.long,
        ),
        pytest.param(
            ["evidence", "--acts", "5", "--events", "300"], "pyHanko", {10, 4, 55, 60}, marks=pytest.mark.long
        ),
    ],
)
def test_a_bench_names_its_peer_and_scales_its_limits(arguments, peer, references):
    code, told = run(*arguments)
    assert code == (0 if told["ok"] else 1)
    (measured,) = told["peers"]
    assert measured["name"].startswith(peer)
    assert measured["factor"] == measured["value"] / measured["reference"]
    assert all(math.isfinite(row["value"]) for row in told["figures"])
    limited = [row for row in told["figures"] if row["reference"]]
    assert {row["reference"] for row in limited} == references
    for row in limited:
        assert row["limit"] == row["reference"] * measured["factor"]
        assert row["ok"] == (row["value"] <= row["limit"])


def test_a_limit_follows_the_peer_of_the_same_run():
    assert Figure("x", 15, reference=8, peer=SLOW).good
    assert not Figure("x", 17, reference=8, peer=SLOW).good
    assert not Figure("octets", 9, "o", reference=8).good  # memory and bytes are absolute
    assert Figure("x", 9).good


@pytest.mark.parametrize(("value", "code"), [(16, 0), (16.1, 1)])
def test_a_missed_limit_is_said_and_exits_1(capsys, value, code):
    assert tell([Figure("un acte", value, reference=8, peer=SLOW)], as_json=False) == code
    printed = capsys.readouterr().out
    assert "× 2.00" in printed
    assert "au plus 16 ; 8 sur la machine de référence" in printed
    assert printed.rstrip().endswith("TROP") == bool(code)


def test_a_peer_is_the_median_of_all_its_runs():
    clock = PeerClock("pair", 10, lambda: None)
    clock.run(3)
    clock.run(2)
    assert clock.peer.value >= 0
    assert clock.peer.factor == clock.peer.value / 10


@pytest.mark.long
@pytest.mark.browser
def test_the_signing_page_is_measured_in_a_browser():
    code, told = run("signing")
    assert code == (0 if told["ok"] else 1)
    rows = {row["name"]: row for row in told["figures"]}
    assert rows["requêtes de la première visite"]["value"] >= 3
    assert rows["octets de la seconde visite"]["value"] < rows["octets de la première visite"]["value"]
    assert sum(row["reference"] == 3000 for row in told["figures"]) == 2
