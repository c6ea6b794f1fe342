"""`pfmp erase`: make a person unreadable in the evidence; every chain and log still verifies."""

import uuid
from datetime import date

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pfmp_saas.cli.audit import database_url, schools
from pfmp_saas.core import dates, reading
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.evidence.erasure import erase as erase_person
from pfmp_saas.workflows.retention import still_kept


@click.command()
@click.argument("email", metavar="ADRESSE")
@click.option("--tenant", metavar="UAI", help="un seul établissement")
def erase(email: str, tenant: str | None) -> int:
    """Effacer une personne des preuves : ses sels sont détruits, sans retour."""
    metadata()
    try:
        address = reading.email(email)
    except ValueError as error:
        raise BadInput(str(error)) from None
    try:
        with unit_on(database_url()) as session:
            counts = [
                (school.uai, *_erase(session, school.id, address or ""))
                for school in schools(session, tenant)
            ]
    except SQLAlchemyError as error:
        raise BadInput(f"la base de données ne répond pas : {type(error).__name__}") from error
    for uai, count, documents in counts:
        if count:
            click.echo(f"{uai} : {count} événements ne disent plus qui a agi")
        for title, until in documents:
            when = f"jusqu’au {dates.written(until)}" if until else "tant qu’il est en signature"
            click.echo(f"{uai} : le document signé reste gardé {when} (conservation des preuves) : {title}")
    if not any(count for _, count, _ in counts):
        click.echo("cette adresse n’est dans aucune preuve", err=True)
        return 1
    return 0


def _erase(session: Session, school: uuid.UUID, email: str) -> tuple[int, list[tuple[str, date | None]]]:
    """Erase a person from one school's evidence; return how many events, and the documents that stay."""
    enter_tenant(session, school)
    return erase_person(session, email, utc_now()), still_kept(session, email)
