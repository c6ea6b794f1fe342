"""``pfmp check FILE.json``: what the law reproaches to a convention."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from pfmp_saas.core.console import BadInput
from pfmp_saas.law.checks import BLOCK, Finding, run
from pfmp_saas.law.facts import InvalidFacts, loads, parse
from pfmp_saas.types.loader import get_type

_LARGEST = 5_000_000  # bytes; a convention is a few kilobytes


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER.json")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
@click.pass_context
def check(context: click.Context, file: Path, *, as_json: bool) -> None:
    """Contrôle une convention : code 1 si une règle est enfreinte, 2 si le fichier ne se lit pas."""
    try:
        facts = parse(loads(_read(file)))
    except InvalidFacts as error:
        raise BadInput(str(error)) from error
    findings = run(facts, profile=get_type(facts.type).profile)
    ok = all(finding.severity != BLOCK for finding in findings)
    click.echo(_as_json(findings, ok=ok) if as_json else as_text(findings))
    context.exit(0 if ok else 1)


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} : {getattr(error, 'strerror', None) or error}") from error
    if len(content) > _LARGEST:
        raise BadInput(f"{file} : fichier de plus de {_LARGEST // 1_000_000} Mo")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} : le fichier n’est pas en UTF-8") from error


def _as_json(findings: tuple[Finding, ...], *, ok: bool) -> str:
    listed = [asdict(finding) for finding in findings]
    return json.dumps({"ok": ok, "findings": listed}, ensure_ascii=False, indent=1)


def as_text(findings: tuple[Finding, ...]) -> str:
    """The findings as a person reads them, blocking ones first."""
    if not findings:
        return "Rien à signaler."
    marks = {True: "BLOQUANT", False: "à vérifier"}
    ordered = sorted(findings, key=lambda finding: finding.severity != BLOCK)
    lines = (
        f"{marks[finding.severity == BLOCK]}  {finding.message}\n    {finding.code} – {finding.source} – {finding.where}"
        for finding in ordered
    )
    return "\n".join(lines)
