"""`pfmp keys`: replace a school's keys, or the key that wraps them all."""

import base64
import binascii
import os
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from pfmp_saas.cli.migrate import owner_url
from pfmp_saas.cli.school import issuer, settings
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.documents.sealing.keys import unwrap_key, wrap_key
from pfmp_saas.documents.sealing.values import SealingError
from pfmp_saas.evidence.checkpoint.keys import open_log
from pfmp_saas.evidence.checkpoint.models import LogKey
from pfmp_saas.evidence.models import TenantAuthority
from pfmp_saas.evidence.use_cases import rotate_authority
from pfmp_saas.tenants.queries import by_uai, everyone

_KEK, _NEW_KEK = "PFMP_KEY_ENCRYPTION_KEY", "PFMP_NEW_KEY_ENCRYPTION_KEY"


@click.group()
def keys() -> None:
    """Les clés des établissements."""


@keys.command()
@click.option("--tenant", required=True, metavar="UAI", help="l’établissement")
@click.option(
    "--root", "directory", type=click.Path(path_type=Path), required=True, help="dossier de la racine"
)
@click.option(
    "--log", "with_log", is_flag=True, help="remplacer aussi la clé qui signe les relevés du journal"
)
def rotate(tenant: str, directory: Path, *, with_log: bool) -> None:
    """Remplacer l’autorité de signature d’un établissement ; ce qu’elle a signé reste valable."""
    service, root, now = settings(), issuer(directory), utc_now()
    metadata()
    try:
        with unit_on(service.database_url) as session:
            school = by_uai(session, tenant)
            enter_tenant(session, school.id)
            rotate_authority(session, root, service.key_encryption_key, now)
            if with_log:
                open_log(session, root, school.uai, service.base_url, service.key_encryption_key, now)
    except NotFound:
        raise BadInput(f"aucun établissement ne porte le numéro {tenant}") from None
    click.echo(
        f"{tenant} : nouvelle autorité de signature" + (" et nouvelle clé du journal" if with_log else "")
    )


@keys.command()
def rewrap() -> None:
    """Changer la clé qui enveloppe toutes les autres : toutes, ou aucune.

    PFMP_KEY_ENCRYPTION_KEY est l’ancienne, PFMP_NEW_KEY_ENCRYPTION_KEY la nouvelle. Relancez ensuite le service avec
    la nouvelle.
    """
    old, new = _key(_KEK), _key(_NEW_KEK)
    metadata()
    try:
        with unit_on(owner_url()) as session:
            count = sum(_rewrap(row, old, new) for row in _wrapped(session))
    except SealingError as error:
        raise BadInput(f"{error} : rien n’est changé") from None
    click.echo(f"{count} clés enveloppées par la nouvelle clé")


def _wrapped(session: Session) -> Iterator[TenantAuthority | LogKey]:
    for school in everyone(session):
        enter_tenant(session, school.id)
        yield from session.scalars(select(TenantAuthority)).all()
        yield from session.scalars(select(LogKey).options(undefer(LogKey.wrapped_key))).all()


def _rewrap(row: TenantAuthority | LogKey, old: bytes, new: bytes) -> int:
    row.wrapped_key = wrap_key(unwrap_key(row.wrapped_key, old), new)
    return 1


def _key(name: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(_need(name))
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise BadInput(f"{name} doit porter 32 octets en base64")
    return key


def _need(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise BadInput(f"la variable d’environnement {name} manque")
    return value
