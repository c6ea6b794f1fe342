"""``pfmp bench evidence``: it measures, it prints peers beside ours, and ours is not far from its limits even on a busy machine."""

import json

from click.testing import CliRunner

from pfmp_saas.cli.main import pfmp


def test_the_bench_prints_ours_and_the_peers_side_by_side():
    told = CliRunner().invoke(
        pfmp, ["bench", "evidence", "--acts", "5", "--events", "3000", "--json"], standalone_mode=False
    )
    figures = json.loads(told.stdout)["figures"]
    ours = {row["name"]: row for row in figures if row["limit"]}
    peers = [row["value"] for row in figures if "pyHanko" in row["name"]]
    assert {row["limit"] for row in ours.values()} >= {12, 7, 60, 90}
    assert all(0 < row["value"] < 3 * row["limit"] for row in ours.values()), ours
    assert len(peers) == 2
    assert peers[0] > ours["la signature PDF seule, certificat compris"]["value"]
