"""``pfmp check FILE.json``: what the law reproaches to a convention."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pfmp_saas.cli.files import read_json
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.law.checks import BLOCK, Finding, run
from pfmp_saas.law.facts import parse
from pfmp_saas.law.repair import HOURS, Repair, repair
from pfmp_saas.types.errors import UnknownType
from pfmp_saas.types.loader import available, get_type


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER.json")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
@click.option("--repair", "mend", is_flag=True, help="Propose l’horaire licite le plus proche.")
@click.pass_context
def check(context: click.Context, file: Path, *, as_json: bool, mend: bool) -> None:
    """Contrôle une convention : code 1 si une règle est enfreinte, 2 si le fichier ne se lit pas."""
    try:
        facts = parse(read_json(file))
        profile = get_type(facts.type).profile
    except InvalidData as error:
        raise BadInput(str(error)) from error
    except UnknownType as error:
        raise BadInput(f"type : {error} (types connus : {', '.join(available())})") from error
    findings = run(facts, profile=profile)
    ok = all(finding.severity != BLOCK for finding in findings)
    mended = repair(facts, profile=profile) if mend and any(each.code in HOURS for each in findings) else None
    click.echo(_as_json(findings, mended, ok=ok) if as_json else as_text(findings) + _mended_as_text(mended))
    context.exit(0 if ok else 1)


def _as_json(findings: tuple[Finding, ...], mended: Repair | str | None, *, ok: bool) -> str:
    listed = [asdict(finding) | _mending(finding, mended) for finding in findings]
    return json.dumps({"ok": ok, "findings": listed}, ensure_ascii=False, indent=1)


def _mending(finding: Finding, mended: Repair | str | None) -> dict[str, Any]:
    """Return the repair of a finding on hours, which mends all of them; null with the reason where there is none."""
    if mended is None or finding.code not in HOURS:
        return {}
    if isinstance(mended, str):
        return {"repair": None, "repair_reason": mended}
    return {"repair": asdict(mended)}


def _mended_as_text(mended: Repair | str | None) -> str:
    if mended is None:
        return ""
    lines = (f"Pas d’horaire licite proche : {mended}",) if isinstance(mended, str) else mended.changes
    return "\n" + "\n".join(("Horaire licite le plus proche :", *(f"    {line}" for line in lines)))


def as_text(findings: tuple[Finding, ...]) -> str:
    """Return the findings as a person reads them, blocking ones first."""
    if not findings:
        return "Rien à signaler."
    marks = {True: "BLOQUANT", False: "à vérifier"}
    ordered = sorted(findings, key=lambda finding: finding.severity != BLOCK)
    lines = (
        f"{marks[finding.severity == BLOCK]}  {finding.message}\n    {finding.code} – {finding.source} – {finding.where}"
        for finding in ordered
    )
    return "\n".join(lines)
