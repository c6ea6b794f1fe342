"""What `deploy/` ships is read by the programs that will read it."""

import subprocess
from pathlib import Path

UNITS = Path(__file__).parents[1] / "deploy" / "systemd"


def test_systemd_takes_every_unit(tmp_path):
    """systemd wants the programs to exist: they are made beside, and nothing else of the units changes."""
    programs = tmp_path / "opt" / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("gunicorn", "python", "pfmp"):
        (programs / name).symlink_to("/bin/true")
    units = []
    for unit in sorted(UNITS.iterdir()):
        copy = tmp_path / unit.name
        copy.write_text(unit.read_text(encoding="utf-8").replace("/opt/pfmp", str(tmp_path / "opt")))
        units.append(str(copy))
    assert len(units) == 5
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    about_ours = [line for line in told.stderr.splitlines() if "pfmp" in line]
    assert (told.returncode, about_ours) == (0, [])
