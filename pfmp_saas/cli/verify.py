"""``pfmp verify``: judge a final PDF offline, without database or network."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click

from pfmp_saas.evidence.verify import BadRoot, Report, SignerSeen, load_roots, verify_pdf
from pfmp_saas.evidence.verify.outline import MAX_BYTES

TRUST_VARIABLE = "PFMP_TRUST_ROOT"
_DEFAULT_ROOT = Path("var") / "trust" / "root.pem"


class BadInput(click.ClickException):
    """What was given can't be read; one line on standard error, exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the reason."""
        click.echo(self.message, err=file is None, file=file)


@click.command("verify", help="Vérifie un PDF final : qui l’a signé, et si un octet a changé depuis.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER")
@click.option(
    "--trust", type=click.Path(path_type=Path), metavar="RACINE.pem", help="Certificat racine de confiance."
)
@click.option("--expect", type=click.IntRange(min=1), metavar="N", help="Nombre de signatures attendues.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
@click.pass_context
def verify(
    context: click.Context, file: Path, trust: Path | None, expect: int | None, *, as_json: bool
) -> None:
    """Exit 0 when every check passes, 1 when one fails, 2 for input that can't be read."""
    pdf = _read(file, limit=MAX_BYTES + 1)
    if pdf.startswith(b"PK"):
        raise BadInput(f"{file} est une archive ZIP : donnez le PDF final lui-même")
    if b"%PDF-" not in pdf and b"%%EOF" not in pdf:
        raise BadInput(f"{file} n’est pas un PDF")
    report = verify_pdf(pdf, trust=_trusted(trust), now=datetime.now(UTC), expect=expect)
    click.echo(json.dumps(as_dict(report), ensure_ascii=False, indent=1) if as_json else as_text(report))
    context.exit(0 if report.ok else 1)


def as_dict(report: Report) -> dict[str, object]:
    """Return the report as plain JSON values; times are ISO 8601 in UTC."""
    return {
        "ok": report.ok,
        "checks": [
            {
                "name": check.name,
                "ok": check.ok,
                "result": "ok" if check.ok else "failed",
                "reason": check.reason,
            }
            for check in report.checks
        ],
        "signatures": [_signer(signer) for signer in report.signers],
        "fingerprint": report.fingerprint,
        "frozen_hash": report.frozen_hash,
        "school": report.school,
        "uai": report.uai,
        "subject": report.subject,
        "kind": report.kind,
    }


def _signer(signer: SignerSeen) -> dict[str, object]:
    return {
        "field": signer.field,
        "name": signer.name,
        "capacity": signer.capacity,
        "school": signer.school,
        "uai": signer.uai,
        "at": signer.at.isoformat() if signer.at else None,
        "certificate_sha256": signer.certificate_sha256,
        "intact": signer.intact,
    }


def as_text(report: Report) -> str:
    """Return the report as a person reads it."""
    lines = ["Document intact et complet." if report.ok else "DOCUMENT NON CONFORME."]
    lines += [f"  {'oui' if check.ok else 'NON'}  {check.name} : {check.reason}" for check in report.checks]
    if report.signers:
        lines.append("Signatures :")
    for signer in report.signers:
        when = signer.at.strftime("le %d/%m/%Y à %H:%M:%S UTC") if signer.at else "à une date illisible"
        lines.append(f"  {signer.name}, {signer.capacity}, {when}{'' if signer.intact else ' (ALTÉRÉE)'}")
    lines.append(f"Empreinte SHA-256 du fichier : {report.fingerprint}")
    return "\n".join(_printable(line) for line in lines)


def _printable(line: str) -> str:
    """Keep a hostile file from steering the terminal."""
    return "".join(letter if letter.isprintable() or letter in "\u00a0\u202f" else "�" for letter in line)


def _trusted(option: Path | None) -> tuple[bytes, ...]:
    """Return the root's PEM, from the option, the environment or the instance's directory; nothing when none is there."""
    given = option or (Path(value) if (value := os.environ.get(TRUST_VARIABLE, "").strip()) else None)
    places = (
        [given] if given else [place / _DEFAULT_ROOT for place in (Path.cwd(), Path(__file__).parents[2])]
    )
    for place in places:
        if given or place.is_file():
            return (_root(place),)
    return ()


def _root(place: Path) -> bytes:
    pem = _read(place, limit=1024 * 1024)
    try:
        load_roots(pem)
    except BadRoot as error:
        raise BadInput(f"{place} : {error}") from error
    return pem


def _read(path: Path, *, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        raise BadInput(f"{path} ne se lit pas : {error.strerror or error}") from error
