"""`pfmp operator`: who runs the platform, named by the database's owner and by nobody else."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pfmp_saas.accounts.operators import dismiss_operator, name_operator, unlock_operator
from pfmp_saas.accounts.use_cases import LINK_HOURS, make_link
from pfmp_saas.cli.migrate import owner_url
from pfmp_saas.core import reading
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.unit_of_work import unit_on


@click.group()
def operator() -> None:
    """Les exploitants de la plateforme (PFMP_OWNER_DATABASE_URL)."""


@operator.command()
@click.argument("email", metavar="ADRESSE")
@click.option("--name", required=True, help="nom de la personne")
def grant(email: str, name: str) -> None:
    """Confier la plateforme à une personne, et afficher un lien par lequel elle entre une fois."""
    address, now = _address(email), utc_now()
    with _as_owner() as session:
        account = name_operator(session, address, name.strip(), now)
        token = make_link(session, account, now, next_path="/compte")
    base = os.environ.get("PFMP_BASE_URL", "").rstrip("/")
    click.echo(f"{address} exploite la plateforme. Lien à usage unique, valable {LINK_HOURS} h :")
    click.echo(f"{base}/entree/{token}")


@operator.command()
@click.argument("email", metavar="ADRESSE")
def revoke(email: str) -> None:
    """Retirer la plateforme à une personne ; ses sessions se ferment."""
    address = _address(email)
    try:
        with _as_owner() as session:
            dismiss_operator(session, address, utc_now())
    except NotFound:
        raise BadInput(f"{address} n’exploite pas la plateforme") from None
    click.echo(f"{address} n’exploite plus la plateforme")


@operator.command()
@click.argument("email", metavar="ADRESSE")
def unlock(email: str) -> None:
    """Retirer la double authentification d’un exploitant qui a perdu ses moyens ; ses sessions se ferment."""
    address = _address(email)
    try:
        with _as_owner() as session:
            unlock_operator(session, address, utc_now())
    except NotFound:
        raise BadInput(f"{address} n’exploite pas la plateforme") from None
    click.echo(f"{address} entre de nouveau sans double authentification")


def _address(typed: str) -> str:
    try:
        address = reading.email(typed.strip())
    except ValueError as error:
        raise BadInput(str(error)) from None
    if not address:
        raise BadInput("indiquez une adresse électronique")
    return address


@contextmanager
def _as_owner() -> Iterator[Session]:
    metadata()
    try:
        with unit_on(owner_url()) as session:
            yield session
    except SQLAlchemyError as error:
        raise BadInput(f"la base de données refuse : {type(error).__name__}") from error
