"""``pfmp verify``: judge a final PDF or a proof bundle offline, without database or network."""

from pathlib import Path

import click

from pfmp_saas.core.console import BadInput
from pfmp_saas.evidence.verify.command import UnusableInput, verify_file

_PATH = click.Path(path_type=Path)
_HOME = Path(__file__).parents[2]


@click.command(
    "verify",
    help="Vérifie un PDF final ou un paquet de preuve : qui a signé, et si un octet a changé depuis.",
)
@click.argument("file", type=_PATH, metavar="FICHIER")
@click.option("--trust", type=_PATH, metavar="RACINE.pem", help="Certificat racine de confiance.")
@click.option(
    "--tsa", type=_PATH, metavar="TSA.pem", help="Certificat de l’autorité d’horodatage de confiance."
)
@click.option(
    "--checkpoint",
    "checkpoints",
    type=_PATH,
    metavar="RELEVE.txt",
    multiple=True,
    help="Relevé que vous tenez.",
)
@click.option(
    "--witness",
    "witnesses",
    type=_PATH,
    metavar="TEMOINS.txt",
    multiple=True,
    help="Clés de témoins qui doivent avoir cosigné le relevé.",
)
@click.option("--expect", type=click.IntRange(min=1), metavar="N", help="Nombre de signatures attendues.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
@click.pass_context
def verify(
    context: click.Context,
    file: Path,
    trust: Path | None,
    tsa: Path | None,
    checkpoints: tuple[Path, ...],
    witnesses: tuple[Path, ...],
    expect: int | None,
    *,
    as_json: bool,
) -> None:
    """Exit 0 when every check passes, 1 when one fails, 2 for input that can't be read."""
    try:
        report, good = verify_file(
            file,
            trust=trust,
            stamps=tsa,
            checkpoints=checkpoints,
            witnesses=witnesses,
            expect=expect,
            as_json=as_json,
            home=_HOME,
        )
    except UnusableInput as error:
        raise BadInput(str(error)) from error
    click.echo(report)
    context.exit(0 if good else 1)
