"""Use cases of a host's sheet: written, its declarations added and checked, two sheets of one host merged."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pfmp_saas.conventions.hosts import errors
from pfmp_saas.conventions.hosts.models import HostDeclaration
from pfmp_saas.conventions.models import Host
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.moves import locked
from pfmp_saas.core.text import fold

Json = Mapping[str, Any]


def identity_of(data: Json) -> str:
    """Return what tells a host from another: its SIRET or, without one, its name and address as they are compared; "" for neither."""
    siret, name, address = (str(data.get(part) or "") for part in ("siret", "name", "address"))
    return siret or (f"{fold(name)}|{fold(address)}" if fold(name) and fold(address) else "")


def save(session: Session, host_id: uuid.UUID | None, data: Json, columns: Json, now: datetime) -> Host:
    """Add a host (no identifier) or change one: ``data`` as conventions take it, ``columns`` the school's own notes.

    Raises NotFound, NotNamed, HostKnown.
    """
    if host_id is None:
        row = Host(id=uuid.uuid4(), tenant_id=current_tenant(session), data={}, former=[])
    else:
        row = locked(session, Host, host_id)
    whole = {**row.data, **data}
    identity = identity_of(whole)
    if not identity:
        raise errors.NotNamed
    if session.scalar(select(Host.id).where(Host.identity == identity, Host.id != row.id)):
        raise errors.HostKnown
    if row.identity and row.identity != identity:
        row.former = [
            *row.former,
            row.identity,
        ]  # its conventions, and those that still name it so, stay its own
    row.identity, row.siret, row.name = identity, whole.get("siret") or "", whole.get("name") or ""
    row.data, row.updated_at = whole, now
    for name, value in columns.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def declare(session: Session, host_id: uuid.UUID, values: Json) -> HostDeclaration:
    """Add a declaration of a host; nobody has checked it yet. Raises NotFound."""
    host = locked(session, Host, host_id)
    row = HostDeclaration(tenant_id=host.tenant_id, host_id=host.id, **values)
    session.add(row)
    session.flush()
    return row


def declaration_checked(
    session: Session, declaration_id: uuid.UUID, by: uuid.UUID, name: str, now: datetime
) -> HostDeclaration:
    """Note who at the school compared a declaration with the paper, and when. Raises NotFound."""
    row = locked(session, HostDeclaration, declaration_id)
    row.checked_by, row.checked_name, row.checked_at = by, name, now
    return row


def drop_declaration(session: Session, declaration_id: uuid.UUID) -> uuid.UUID:
    """Forget a declaration typed by mistake; return its host. Raises NotFound."""
    row = locked(session, HostDeclaration, declaration_id)
    session.delete(row)
    return row.host_id


def merge(session: Session, kept_id: uuid.UUID, other_id: uuid.UUID, now: datetime) -> Host:
    """Put another sheet of the same host into this one: what it lacks, the declarations, the SIRET it had. Raises NotFound."""
    if kept_id == other_id:
        raise NotFound
    rows = {each: locked(session, Host, each) for each in sorted((kept_id, other_id))}
    kept, other = rows[kept_id], rows[other_id]
    kept.data = {**other.data, **{name: value for name, value in kept.data.items() if value}}
    names = [each for each in (other.identity, *other.former) if each != kept.identity]
    kept.former = list(dict.fromkeys([*kept.former, *names]))
    for name in ("notes", "contacts"):
        setattr(kept, name, "\n".join(filter(None, (getattr(kept, name), getattr(other, name)))))
    moved = update(HostDeclaration).where(HostDeclaration.host_id == other.id)
    session.execute(moved.values(host_id=kept.id))
    session.execute(delete(Host).where(Host.id == other.id))
    session.expunge(other)
    if not kept.siret and other.siret:
        kept.former = [*(each for each in kept.former if each != other.siret), kept.identity]
        kept.siret = kept.identity = other.siret
        kept.data = {**kept.data, "siret": other.siret}
    kept.updated_at = now
    session.flush()
    return kept
