"""Drafts filled from known data: a copied convention, a host that the school already knows."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pfmp_saas.conventions import queries, use_cases
from pfmp_saas.conventions.hosts.models import HostDeclaration
from pfmp_saas.conventions.hosts.queries import covering, of_convention
from pfmp_saas.conventions.hosts.use_cases import identity_of
from pfmp_saas.conventions.models import Convention, Host
from pfmp_saas.core.database import current_tenant, existing
from pfmp_saas.core.errors import NotFound

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
    """Store the host of a sent convention, to prefill the next one; what the convention leaves blank stays as known."""
    host = {name: value for name, value in (convention.data.get("host") or {}).items() if value is not None}
    identity = identity_of(host)
    if not identity:
        return
    known = session.scalars(select(Host).where(Host.former.contains([identity]))).first()
    if known:
        host["siret"] = known.siret
    siret, name = host.get("siret") or "", host.get("name") or ""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "tenant_id": current_tenant(session),
        "identity": known.identity if known else identity,
        "siret": siret,
        "name": name,
        "data": host,
        "former": [],
        "contacts": "",
        "notes": "",
    }
    statement = insert(Host).values(values)
    fresh = {"name": name, "data": Host.data.op("||")(statement.excluded.data), "updated_at": func.now()}
    session.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "identity"], set_=fresh))


def take_up_host(session: Session, convention_id: uuid.UUID, host_id: uuid.UUID) -> Convention:
    """Fill a draft's host with one that the school knows. Raises NotFound, Conflict when already sent.

    A former convention's declaration of derogation is no proof for this one: the day of one that covers its course,
    place, works and days comes with the host, or none.
    """
    host = existing(session, Host, host_id)
    row = use_cases.save(session, convention_id, {"host": {**host.data, "derogation_sent_on": None}})
    declared = covering(session, row, host)
    return _declared(session, row, declared) if declared else row


def declared_for(session: Session, row: Convention) -> HostDeclaration | None:
    """Return the declaration of the draft's host that covers it and whose day it does not have yet; None where there is none."""
    host = of_convention(session, row)
    declared = covering(session, row, host) if host else None
    told = (row.data.get("host") or {}).get("derogation_sent_on")
    return declared if declared and declared.sent_on.isoformat() != told else None


def take_up_declaration(session: Session, convention_id: uuid.UUID) -> Convention:
    """Give a draft the day of the declaration that covers it. Raises NotFound when none does, Conflict when already sent."""
    row = queries.get(session, convention_id)
    declared = declared_for(session, row)
    if declared is None:
        raise NotFound
    return _declared(session, row, declared)


def _declared(session: Session, row: Convention, declared: HostDeclaration) -> Convention:
    host = {**row.data["host"], "derogation_sent_on": declared.sent_on.isoformat()}
    return use_cases.save(session, row.id, {"host": host})
