"""Instants at which a reaction falls due, reckoned in the establishment's local time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.tenants import queries as tenants

MORNING, AFTERNOON = time(8), time(16)


def zone(session: Session) -> ZoneInfo:
    """Return the current establishment's zone."""
    return ZoneInfo(tenants.get(session, current_tenant(session)).timezone)


def local(session: Session, day: datetime | date, at: time, days: int) -> datetime:
    """Return ``at`` local time, ``days`` after a day (an instant's local one), as an instant."""
    here = zone(session)
    first = day.astimezone(here).date() if isinstance(day, datetime) else day
    return datetime.combine(first + timedelta(days=days), at, here)
