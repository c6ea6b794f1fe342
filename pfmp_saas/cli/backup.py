"""`pfmp backup` and `pfmp restore`: a dump of the whole database, counted row by row, and its restoration."""

import os
from pathlib import Path

import click

from pfmp_saas.core import dump
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput

_BACKUP, _RESTORE = "PFMP_BACKUP_DATABASE_URL", "PFMP_RESTORE_DATABASE_URL"


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="fichier à écrire")
@click.option(
    "--into",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="dossier où écrire pfmp-DATE.dump",
)
def backup(output: Path | None, into: Path | None) -> None:
    """Sauvegarder toute la base (PFMP_BACKUP_DATABASE_URL), et vérifier que rien n’y manque."""
    now = utc_now()
    if (output is None) == (into is None):
        raise BadInput("donnez soit --output, soit --into")
    output = output or Path(into or "") / f"pfmp-{now:%Y%m%dT%H%M%SZ}.dump"
    if output.exists():
        raise BadInput(f"{output} existe déjà : une sauvegarde n’en remplace pas une autre")
    counts = dump.backup(_url(_BACKUP), output, now)
    click.echo(
        f"{output} : {sum(counts.values())} lignes de {len(counts)} tables, toutes relues dans le fichier"
    )


@click.command()
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Restaurer une sauvegarde dans une base vide (PFMP_RESTORE_DATABASE_URL)."""
    counts = dump.restore(_url(_RESTORE), file)
    click.echo(
        f"{sum(counts.values())} lignes de {len(counts)} tables restaurées. Lancez « pfmp audit », avec un relevé tenu au dehors."
    )


def _url(name: str) -> str:
    url = os.environ.get(name)
    if not url:
        raise BadInput(f"la variable d’environnement {name} manque")
    return url
