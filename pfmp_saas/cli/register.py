"""`pfmp register`: enter in the evidence the rows that are older than the register."""

import click
from sqlalchemy.exc import SQLAlchemyError

from pfmp_saas.cli.audit import database_url, schools
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.workflows.register import take_in


@click.command()
@click.option("--tenant", metavar="UAI", help="un seul établissement")
def register(tenant: str | None) -> int:
    """Inscrire au journal de preuve les lignes plus anciennes que lui ; à faire une fois, après une mise à niveau."""
    metadata()
    try:
        with unit_on(database_url()) as session:
            for school in schools(session, tenant):
                enter_tenant(session, school.id)
                click.echo(f"{school.uai} : {take_in(session, utc_now())} lignes inscrites")
    except SQLAlchemyError as error:
        raise BadInput(f"la base de données ne répond pas : {type(error).__name__}") from error
    return 0
