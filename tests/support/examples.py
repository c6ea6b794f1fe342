"""Examples of FILE.json, one a convention type, and the longest content of each."""

import json
import shutil
from pathlib import Path
from typing import Any

from pfmp_saas.types import loader

DATA = Path(__file__).parents[1] / "data"

SIGNERS = ("head", "host_representative", "student", "referent", "tutor")


def example(slug: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA / f"{slug}.json").read_text(encoding="utf-8"))
    return data


def copy_of(slug: str, target: Path) -> Path:
    return Path(shutil.copytree(Path(loader.__file__).parent / slug.replace("-", "_"), target / "type"))


LONG = "Établissement Très-Long d’Œuvres & <Fils> "


def long_data(slug: str) -> dict[str, Any]:
    data = example(slug)
    data["host"]["name"] = (LONG * 20)[:400]
    data["host"]["address"] = (LONG * 20)[:400]
    data["school"]["name"] = (LONG * 20)[:300]
    data["tutor"]["email"] = "x" * 300
    data["student"]["last_name"] = "Wolfeschlegelsteinhausenbergerdorff-" * 5
    data["objectives"] = [f"Objectif {n} : {LONG * (n % 9)}" for n in range(60)]
    data["works"] = ["17", "20", "27", "28", "29", "30"]
    data["supervision"] = LONG * 400
    data["timetable"]["monday"] = [[f"{h:02d}:00", f"{h:02d}:30"] for h in range(24)]
    return data
