"""Opening an establishment."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant, enter_tenant
from pfmp_saas.core.events import SchoolOpened, SettingsChanged, emit
from pfmp_saas.core.identifiers import is_uai
from pfmp_saas.tenants import errors, queries
from pfmp_saas.tenants.models import Establishment, EstablishmentLook, EstablishmentSettings


def open_establishment(
    session: Session,
    *,
    uai: str,
    name: str,
    territory: str,
    timezone: str,
    type_slug: str,
    settings: Mapping[str, Any],
    now: datetime,
) -> Establishment:
    """Create an establishment and its settings, and enter it. Raises DomainError on a wrong UAI number."""
    if not is_uai(uai):
        raise errors.UnknownUai
    row = Establishment(
        id=uuid.uuid4(),
        uai=uai.upper(),
        name=name,
        territory=territory,
        timezone=timezone,
        type_slug=type_slug,
    )
    session.add(row)
    session.flush()
    enter_tenant(session, row.id)
    session.add(EstablishmentSettings(tenant_id=row.id, **settings))
    session.flush()
    emit(session, SchoolOpened(subject_id=row.id, at=now, by=""))
    return row


def change_settings(
    session: Session, values: Mapping[str, Any], *, by: uuid.UUID, now: datetime
) -> EstablishmentSettings:
    """Change what the current school prints from its next convention on; those already sent stay as they are.

    ``by`` is the account that changes it.
    """
    row = queries.settings(session)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    emit(session, SettingsChanged(subject_id=row.id, at=now, by=str(by)))
    return row


def change_look(session: Session, colour: str, logo: bytes | None) -> None:
    """Give the current school's pages this colour and logo; an empty logo takes it away, None leaves it."""
    row = queries.look(session)
    if row is None:
        row = EstablishmentLook(tenant_id=current_tenant(session), colour="", logo=None, logo_sha256="")
        session.add(row)
    row.colour = colour
    if logo is not None:
        row.logo, row.logo_sha256 = logo or None, sha256(logo).hexdigest() if logo else ""
    session.flush()
