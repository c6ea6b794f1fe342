"""Drafts filled from known data: a copied convention, a host that the school already knows."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pfmp_saas.conventions import queries, use_cases
from pfmp_saas.conventions.models import Convention, Host
from pfmp_saas.core.database import current_tenant, existing
from pfmp_saas.core.text import fold

_OF_ONE_PLACEMENT = frozenset({"electrical_habilitation_on", "sequences_done"})
"""Facts of a pupil that another placement does not share: the host delivers the habilitation for its own works."""
_NOT_COPIED = frozenset({"type", "school", "student", "signers"})


def copy_convention(
    session: Session,
    source_id: uuid.UUID,
    *,
    student_id: uuid.UUID | None,
    created_by: uuid.UUID | None,
    now: datetime,
) -> Convention:
    """Open a draft that repeats a convention, for the same student or for another. Raises NotFound.

    The school's part is taken anew from its settings; what was sent or refused stays as it was.
    """
    source = queries.get(session, source_id)
    row = use_cases.create_draft(
        session, student_id=student_id or source.student_id, created_by=created_by, now=now
    )
    changes = {name: value for name, value in source.data.items() if name not in _NOT_COPIED}
    if student_id is None:
        student = source.data.get("student") or {}
        changes["student"] = {name: value for name, value in student.items() if name not in _OF_ONE_PLACEMENT}
    return use_cases.save(session, row.id, changes)


def known_hosts(session: Session) -> list[Host]:
    """Return the hosts of the current school's conventions, by name."""
    return list(session.scalars(select(Host).order_by(Host.name).limit(500)))


def remember_host(session: Session, convention: Convention) -> None:
    """Store the host of a sent convention, to prefill the next one."""
    host = convention.data.get("host") or {}
    siret, name, address = (host.get(part) or "" for part in ("siret", "name", "address"))
    if not siret and not (fold(name) and fold(address)):
        return
    values = {
        "id": uuid.uuid4(),
        "tenant_id": current_tenant(session),
        "identity": siret or f"{fold(name)}|{fold(address)}",
        "siret": siret,
        "name": name,
        "data": host,
    }
    fresh = {"name": values["name"], "data": host, "updated_at": func.now()}
    statement = insert(Host).values(values)
    session.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "identity"], set_=fresh))


def take_up_host(session: Session, convention_id: uuid.UUID, host_id: uuid.UUID) -> Convention:
    """Fill a draft's host with one that the school knows. Raises NotFound, Conflict when already sent."""
    host = existing(session, Host, host_id)
    return use_cases.save(session, convention_id, {"host": host.data})
