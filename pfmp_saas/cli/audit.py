"""`pfmp audit`: replay every chain of evidence in the database."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pfmp_saas.amendments.renderings import rendering_faults
from pfmp_saas.cli.audited import ROW_CHECKS, audited
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.evidence.queries import Audit
from pfmp_saas.evidence.queries import audit as replay_tenant
from pfmp_saas.evidence.verify.log.checkpoint import read_head
from pfmp_saas.evidence.verify.report import ReaderInput, Wrong
from pfmp_saas.tenants.models import Establishment
from pfmp_saas.tenants.queries import everyone
from pfmp_saas.workflows.register import taken_in

TOP = Path(__file__).parents[2]


@click.command()
@click.option("--tenant", metavar="UAI", help="un seul établissement")
@click.option(
    "--checkpoint",
    "files",
    metavar="FICHIER",
    multiple=True,
    type=click.Path(path_type=Path),
    help="relevé tenu au dehors, à comparer avec la base (répétable)",
)
@click.option(
    "--columns",
    is_flag=True,
    help="dire seulement ce qui est jugé et ce qui ne l’est pas, colonne par colonne",
)
@click.option("--json", "as_json", is_flag=True, help="écrire un objet JSON")
def audit(tenant: str | None, files: tuple[Path, ...], *, columns: bool, as_json: bool) -> int:
    """Rejouer les chaînes et les journaux de preuve de la base, et leur comparer relevés, documents et lignes."""
    metadata()
    if columns:
        click.echo(
            json.dumps(audited().as_json(), ensure_ascii=False) if as_json else "\n".join(audited().lines())
        )
        return 0
    checkpoints = _held(files)
    try:
        with unit_on(database_url()) as session:
            establishments = schools(session, tenant)
            _check_all_ours(checkpoints, establishments)
            results = [(school, _one(session, school, checkpoints)) for school in establishments]
    except SQLAlchemyError as error:
        raise BadInput(f"la base de données ne répond pas : {type(error).__name__}") from error
    (_print_json if as_json else _print)(results)
    return 1 if any(found.faults for _, found in results) else 0


def database_url() -> str:
    """Return the database's address: the environment's, or that of the demonstration started here."""
    url = _setting("PFMP_DATABASE_URL")
    if not url:
        raise BadInput("la variable d’environnement PFMP_DATABASE_URL manque")
    return url


def _setting(setting: str) -> str | None:
    """Return a setting: the environment's, or that of the demonstration started here."""
    for name in (Path("var/demo.env"), TOP / "var" / "demo.env"):
        if "PFMP_DATABASE_URL" not in os.environ and name.exists():
            lines = name.read_text(encoding="utf-8").splitlines()
            return dict(line.partition("=")[::2] for line in lines).get(setting)
    return os.environ.get(setting)


def schools(session: Session, uai: str | None) -> list[Establishment]:
    """Return the schools asked for; raises BadInput for a number that none has."""
    matching = [school for school in everyone(session) if uai in {None, school.uai}]
    if uai and not matching:
        raise BadInput(f"aucun établissement ne porte le numéro {uai}")
    return matching


def _held(files: Iterable[Path]) -> list[tuple[str, str]]:
    """Read the checkpoints that were given: the UAI number of each, and its text."""
    checkpoints = []
    for file in files:
        try:
            text = file.read_bytes()
            checkpoints.append((read_head(text).tenant, text.decode()))
        except Wrong:
            raise BadInput(f"{file} n’est pas un relevé de journal") from None
    return checkpoints


def _check_all_ours(checkpoints: Sequence[tuple[str, str]], schools: Sequence[Establishment]) -> None:
    strangers = {uai for uai, _ in checkpoints} - {school.uai for school in schools}
    if strangers:
        raise BadInput(f"un relevé est celui d’un établissement qui n’est pas audité : {min(strangers)}")


def _one(session: Session, school: Establishment, checkpoints: Iterable[tuple[str, str]]) -> Audit:
    enter_tenant(session, school.id)
    outside = [text for uai, text in checkpoints if uai == school.uai]
    roots, authorities = _pem("PFMP_TRUST_ROOT"), _pem("PFMP_TSA_TRUST")
    now = utc_now()
    audit = replay_tenant(session, now, outside=outside, roots=roots, authorities=authorities)
    means = ReaderInput(now, trust=tuple(roots), authorities=tuple(authorities))
    more = tuple(fault for check in ROW_CHECKS.values() for fault in check(session, school.uai, means))
    more += tuple(rendering_faults(session, school.uai))
    return replace(audit, faults=audit.faults + more, taken_in=tuple(taken_in(session)))


def _pem(name: str) -> list[bytes]:
    """Return the certificate that a setting names, if it is set here."""
    path = _setting(name)
    return [Path(path).read_bytes()] if path else []


def _print(results: Iterable[tuple[Establishment, Audit]]) -> None:
    """Print the audits, then what they do not judge."""
    faults = 0
    for school, audit in results:
        click.echo(f"{school.uai} {school.name} : {_counted(audit)}")
        for fault in audit.faults:
            click.echo(f"  {fault.subject} no {fault.sequence} : {fault.message} ({fault.code})")
        for day, count in audit.erased:
            click.echo(f"  {count} noms effacés le {day.strftime('%d/%m/%Y')}")
        for day, count in audit.taken_in:
            click.echo(
                f"  {count} lignes inscrites le {day.strftime('%d/%m/%Y')} : rien ne les tient avant ce jour"
            )
        for restart in audit.restarts:
            click.echo(
                f"  journal repris le {restart.at.strftime('%d/%m/%Y')} à sa place {restart.place}, après la perte d’un "
                f"relevé de {restart.size} événements : {restart.reason}"
            )
        faults += len(audit.faults)
    known = audited()
    click.echo(
        f"{faults} anomalies" if faults else f"aucune anomalie dans les {len(known.covered)} colonnes jugées"
    )
    click.echo(f"non jugées : {len(known.not_covered)} colonnes, nommées par pfmp audit --columns")


def _print_json(results: Iterable[tuple[Establishment, Audit]]) -> None:
    """Print one JSON object: per school its counts and faults, and what is judged or not."""
    told = {
        school.uai: {
            "chains": found.chains,
            "events": found.events,
            "checkpoints": found.checkpoints,
            "faults": [asdict(fault) for fault in found.faults],
            "taken_in": {day.isoformat(): count for day, count in found.taken_in},
            "restarts": [{**asdict(each), "at": each.at.isoformat()} for each in found.restarts],
            "erased": {day.isoformat(): count for day, count in found.erased},
        }
        for school, found in results
    }
    ok = not any(school["faults"] for school in told.values())
    click.echo(json.dumps({"ok": ok, "schools": told, "columns": audited().as_json()}, ensure_ascii=False))


def _counted(audit: Audit) -> str:
    counts = f"{audit.chains} chaînes, {audit.events} événements, {audit.checkpoints} relevés"
    if audit.stamped or audit.waiting:
        counts += f" dont {audit.stamped} horodatés et {audit.waiting} en attente d’horodatage"
    return counts
