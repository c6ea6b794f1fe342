"""``pfmp render FILE.json -o OUT.pdf``: the convention, unsigned, with every annex of its type."""

import os
import tempfile
from pathlib import Path

import click

from pfmp_saas.cli.files import read_json
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.documents.convention import render as render_pdf
from pfmp_saas.types.compose import compose
from pfmp_saas.types.errors import UnknownType
from pfmp_saas.types.loader import available, get_type


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Fichier PDF à écrire.")
def render(file: Path, output: Path) -> None:
    """Écrit en PDF la convention décrite par FILE.json."""
    data = read_json(file)
    if not isinstance(data, dict):
        raise BadInput(f"{file} : un objet JSON est attendu")
    try:
        content = compose(get_type(data.get("type", "")), data)
    except UnknownType as error:
        raise BadInput(f"{error} (types connus : {', '.join(available())})") from None
    except InvalidData as error:
        raise BadInput(str(error)) from None
    _write(output, render_pdf(content).pdf)


def _write(output: Path, pdf: bytes) -> None:
    """Write beside the target, then rename: a failure leaves nothing half-written."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name[:100]}.")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(pdf)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(output)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise BadInput(f"{output} : {error.strerror}") from None
