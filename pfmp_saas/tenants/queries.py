"""Finding establishments and their settings."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.tenants.models import Establishment, EstablishmentLook, EstablishmentSettings


def by_uai(session: Session, uai: str) -> Establishment:
    """Return the establishment with this UAI number. Raises NotFound."""
    establishment = session.scalars(
        select(Establishment).where(Establishment.uai == uai.upper())
    ).one_or_none()
    if establishment is None:
        raise NotFound
    return establishment


def everyone(session: Session) -> list[Establishment]:
    """Return all establishments, by name."""
    return list(session.scalars(select(Establishment).order_by(Establishment.name)))


def by_id(session: Session, identifiers: Collection[uuid.UUID]) -> list[Establishment]:
    """Return establishments by their identifiers, in one query."""
    return list(session.scalars(select(Establishment).where(Establishment.id.in_(list(identifiers)))))


def get(session: Session, tenant_id: uuid.UUID) -> Establishment:
    """Return an establishment by its identifier. Raises sqlalchemy's NoResultFound."""
    return session.get_one(Establishment, tenant_id)


def here(session: Session) -> Establishment:
    """Return the current establishment."""
    return get(session, current_tenant(session))


def lock(session: Session) -> None:
    """Hold the current establishment's administration until the transaction ends: one change at a time."""
    session.scalars(select(EstablishmentSettings.id).with_for_update()).one()


def zone(session: Session) -> ZoneInfo:
    """Return the current establishment's time zone."""
    return ZoneInfo(here(session).timezone)


def today(session: Session, now: datetime) -> date:
    """Return the day that ``now`` (aware) is at the current establishment."""
    return now.astimezone(ZoneInfo(here(session).timezone)).date()


def settings(session: Session) -> EstablishmentSettings:
    """Return the current tenant's settings."""
    return session.scalars(select(EstablishmentSettings)).one()


def look(session: Session) -> EstablishmentLook | None:
    """Return the current tenant's colour and logo, None where it has chosen none; the logo itself is read when asked."""
    return session.scalars(select(EstablishmentLook)).one_or_none()
