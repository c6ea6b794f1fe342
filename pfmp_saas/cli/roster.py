"""``pfmp roster read``: what the files of a school hold, without a database."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pfmp_saas.cli.files import read_bytes
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import one_line
from pfmp_saas.roster.reading import files
from pfmp_saas.roster.reading.values import ReadGuardian, ReadPupil, Roster


@click.group()
def roster() -> None:
    """Lit les fichiers d’élèves."""


@roster.command()
@click.argument("paths", nargs=-1, required=True, metavar="FICHIER…", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def read(paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Lire les fichiers d’un établissement (SIECLE, CSV, classeur) et dire ce qu’ils contiennent."""
    today = utc_now().date()
    found = files.read([files.Source(path.name, read_bytes(path, files.LARGEST)) for path in paths], today)
    if as_json:
        click.echo(json.dumps(_as_dict(found, today), ensure_ascii=False))
    else:
        click.echo(_as_text(found, today))
    return 1 if found.faults else 0


def _as_dict(found: Roster, today: date) -> dict[str, object]:
    kept = found.kept(today)
    return {
        "pupils": len(kept),
        "classes": _classes(kept),
        "guardians": sum(len(pupil.guardians) for pupil in kept),
        "left": len(found.left(today)),
        "apprentices": len(found.apprentices(today)),
        "without_guardian": sum(not pupil.guardians for pupil in kept),
        "faults": [vars(fault) for fault in found.faults],
        "doubts": [vars(doubt) for doubt in found.doubts],
        "columns_left": [{"file": file, "column": column} for file, column in found.columns_left],
        "list": [_pupil(pupil) for pupil in kept],
    }


def _pupil(pupil: ReadPupil) -> dict[str, object]:
    return {
        "last_name": pupil.last_name,
        "first_name": pupil.first_name,
        "birth_date": pupil.birth_date.isoformat(),
        "class_name": pupil.class_name,
        "mef": pupil.mef,
        "email": pupil.email,
        "guardians": [_guardian(guardian) for guardian in pupil.guardians],
    }


def _guardian(guardian: ReadGuardian) -> dict[str, str]:
    return {"name": guardian.name, "email": guardian.email, "phone": guardian.phone}


def _as_text(found: Roster, today: date) -> str:
    kept = found.kept(today)
    alone = sum(not pupil.guardians for pupil in kept)
    legal = sum(len(pupil.guardians) for pupil in kept)
    lines = [
        f"{len(kept)} élèves, {legal} représentants légaux, {alone} élèves sans représentant",
        f"{len(found.apprentices(today))} apprentis et {len(found.left(today))} élèves partis, écartés",
        *(f"Classe {name} : {count}" for name, count in _classes(kept).items()),
        *(f"Colonne sans emploi : {column} ({file})" for file, column in found.columns_left),
        *(f"À confirmer : {doubt.file}, ligne {doubt.line} : {doubt.reason}" for doubt in found.doubts),
        *(f"Refusé : {fault.file}, ligne {fault.line} : {fault.reason}" for fault in found.faults),
    ]
    return "\n".join(one_line(line) for line in lines)


def _classes(pupils: Sequence[ReadPupil]) -> dict[str, int]:
    """Return the number of pupils of each class, by its name."""
    return dict(sorted(Counter(pupil.class_name for pupil in pupils if pupil.class_name).items()))
