"""`pfmp audit`: replay every chain of evidence in the database."""

import os
from collections.abc import Iterable
from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pfmp_saas.cli.errors import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.evidence.queries import Audit
from pfmp_saas.evidence.queries import audit as replay_tenant
from pfmp_saas.tenants.models import Establishment
from pfmp_saas.tenants.queries import everyone

TOP = Path(__file__).parents[2]


@click.command()
@click.option("--tenant", metavar="UAI", help="un seul établissement")
def audit(tenant: str | None) -> int:
    """Rejouer les chaînes de preuve de la base."""
    metadata()
    try:
        with Session(create_engine(_url())) as session:
            results = [(school, _one(session, school)) for school in _schools(session, tenant)]
    except SQLAlchemyError as error:
        raise BadInput(f"la base de données ne répond pas : {type(error).__name__}") from error
    return 1 if _tell(results) else 0


def _url() -> str:
    """Return the database's address: the environment's, or that of the demonstration started here."""
    for name in (Path("var/demo.env"), TOP / "var" / "demo.env"):
        if "PFMP_DATABASE_URL" not in os.environ and name.exists():
            lines = name.read_text(encoding="utf-8").splitlines()
            return dict(line.partition("=")[::2] for line in lines)["PFMP_DATABASE_URL"]
    url = os.environ.get("PFMP_DATABASE_URL")
    if not url:
        raise BadInput("la variable d’environnement PFMP_DATABASE_URL manque")
    return url


def _schools(session: Session, uai: str | None) -> list[Establishment]:
    schools = [school for school in everyone(session) if uai in {None, school.uai}]
    if uai and not schools:
        raise BadInput(f"aucun établissement ne porte le numéro {uai}")
    return schools


def _one(session: Session, school: Establishment) -> Audit:
    enter_tenant(session, school.id)
    return replay_tenant(session)


def _tell(results: Iterable[tuple[Establishment, Audit]]) -> int:
    """Print what was found; return how many faults."""
    faults = 0
    for school, found in results:
        click.echo(f"{school.uai} {school.name} : {found.chains} chaînes, {found.events} événements")
        for fault in found.faults:
            click.echo(f"  {fault.subject} no {fault.sequence} : {fault.message} ({fault.code})")
        faults += len(found.faults)
    click.echo("rien n’a été touché" if not faults else f"{faults} anomalies")
    return faults
