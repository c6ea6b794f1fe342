"""Finding establishments and their settings."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.tenants.models import Establishment, EstablishmentSettings


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


def get(session: Session, tenant_id: uuid.UUID) -> Establishment:
    """Return an establishment by its identifier. Raises sqlalchemy's NoResultFound."""
    return session.get_one(Establishment, tenant_id)


def today(session: Session, now: datetime) -> date:
    """Return the day that ``now`` (aware) is at the current establishment."""
    return now.astimezone(ZoneInfo(get(session, current_tenant(session)).timezone)).date()


def settings(session: Session) -> EstablishmentSettings:
    """Return the current tenant's settings."""
    return session.scalars(select(EstablishmentSettings)).one()
