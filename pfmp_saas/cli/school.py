"""`pfmp root` and `pfmp school open`: the platform's root, kept offline, and the schools opened under it."""

import os
from pathlib import Path

import click
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pfmp_saas.accounts import roles
from pfmp_saas.accounts.forms import Member
from pfmp_saas.core import reading
from pfmp_saas.core.addresses import suggestion
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.errors import ConfigurationError, DomainError
from pfmp_saas.core.roles import Role
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import Settings, from_environ
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.documents.sealing.authority import Issuer, make_root
from pfmp_saas.evidence.checkpoint.keys import open_log
from pfmp_saas.evidence.use_cases import open_authority
from pfmp_saas.law.territories import UnknownTerritory
from pfmp_saas.law.territories import territory as find_territory
from pfmp_saas.tenants.use_cases import open_establishment
from pfmp_saas.types.loader import available
from pfmp_saas.workflows import flow


@click.command()
@click.option(
    "--directory", type=click.Path(path_type=Path), required=True, help="où écrire root.pem et root.key"
)
@click.option("--name", default="PFMP – autorité racine", help="nom de l’autorité")
def root(directory: Path, name: str) -> None:
    """Créer l’autorité racine de la plateforme ; root.key se garde hors ligne."""
    if (directory / "root.key").exists():
        raise BadInput(f"{directory / 'root.key'} existe déjà : une racine ne s’écrase pas")
    directory.mkdir(parents=True, exist_ok=True)
    authority = make_root(name, utc_now())
    key = directory / "root.key"
    key.touch(mode=0o600)
    key.write_bytes(authority.key_pem)
    (directory / "root.pem").write_text(authority.certificate_pem, encoding="utf-8")
    click.echo(f"PFMP_TRUST_ROOT={directory / 'root.pem'}")


@click.group()
def school() -> None:
    """Les établissements de la plateforme."""


@school.command("open")
@click.option("--uai", required=True, help="numéro UAI, sept chiffres et une lettre")
@click.option("--name", required=True, help="nom de l’établissement")
@click.option("--territory", required=True, help="département ou collectivité : 21, 2A, 974…")
@click.option("--type", "slug", required=True, help="modèle de convention")
@click.option("--head-name", required=True, help="nom du chef d’établissement")
@click.option("--head-email", required=True, help="son adresse électronique")
@click.option(
    "--root", "directory", type=click.Path(path_type=Path), required=True, help="dossier de la racine"
)
def open_school(
    uai: str, name: str, territory: str, slug: str, head_name: str, head_email: str, directory: Path
) -> None:
    """Ouvrir un établissement, et inviter son chef par courriel."""
    if slug not in available():
        raise BadInput(f"--type : « {slug} » est inconnu (types connus : {', '.join(available())})")
    try:
        zone, email = find_territory(territory).timezone, reading.email(head_email)
        name, head_name = reading.line(name) or "", reading.line(head_name) or ""
    except (UnknownTerritory, ValueError) as error:
        raise BadInput(str(error)) from None
    service = settings()
    metadata()
    flow.install()
    try:
        with unit_on(service.database_url) as session:
            where = {"uai": uai, "name": name, "territory": territory, "timezone": zone, "type_slug": slug}
            _open(session, where, (head_name, email or ""), issuer(directory), service)
    except DomainError as error:
        raise BadInput(error.message) from None
    except IntegrityError:
        raise BadInput(f"un établissement porte déjà le numéro {uai}") from None
    click.echo(f"{uai} {name} est ouvert ; {head_name} reçoit un lien à {email}")
    likely = suggestion(email or "")
    if likely:
        click.echo(f"« {email} » : ne serait-ce pas « {likely} » ?", err=True)


def _open(
    session: Session, where: dict[str, str], head: tuple[str, str], issuer: Issuer, settings: Settings
) -> None:
    now = utc_now()
    row = open_establishment(session, **where, settings={}, now=now)
    open_authority(session, issuer, row, settings.key_encryption_key, now)
    open_log(session, issuer, row.uai, settings.base_url, settings.key_encryption_key, now)
    person = Member(head[1], head[0], Role.HEAD)
    roles.change_head(session, person, roles.Giving(None, settings.base_url, now))


def issuer(directory: Path) -> Issuer:
    """Return the platform's root with its key, from the directory that `pfmp root` filled."""
    certificate = (directory / "root.pem").read_text(encoding="utf-8")
    return Issuer(certificate, certificate, (directory / "root.key").read_bytes())


def settings() -> Settings:
    """Return the settings; raises BadInput naming what is missing."""
    try:
        return from_environ(os.environ)
    except ConfigurationError as error:
        raise BadInput(str(error)) from None
