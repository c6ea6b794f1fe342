"""Writing evidence: an event per act, chained under a row lock; and each school's signing authority."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.documents.sealing.authority import Issuer, make_tenant_authority
from pfmp_saas.documents.sealing.keys import unwrap_key, wrap_key
from pfmp_saas.evidence.events import Event, commit, new_nonce, new_salt, stored, text_hash
from pfmp_saas.evidence.log import store
from pfmp_saas.evidence.models import ChainHead, EvidenceEvent, EvidenceSalt, TenantAuthority
from pfmp_saas.tenants.models import Establishment


@dataclass(frozen=True)
class Actor:
    """Who acts: name and address enter the evidence as a salted commitment only."""

    name: str
    email: str
    capacity: str
    authentication: str


def open_authority(
    session: Session, root: Issuer, establishment: Establishment, kek: bytes, now: datetime
) -> TenantAuthority:
    """Issue the current school's signing authority under ``root``; its key is wrapped by ``kek`` (32 bytes)."""
    issuer = make_tenant_authority(root, establishment.name, establishment.uai, now)
    row = TenantAuthority(
        tenant_id=establishment.id,
        certificate_pem=issuer.certificate_pem,
        root_pem=issuer.root_pem,
        wrapped_key=wrap_key(issuer.key_pem, kek),
    )
    session.add(row)
    session.flush()
    return row


def authority(session: Session, kek: bytes) -> Issuer:
    """Return the current school's authority, its key unwrapped in memory."""
    row = session.scalars(select(TenantAuthority).where(TenantAuthority.retired_at.is_(None))).one()
    return Issuer(row.certificate_pem, row.root_pem, unwrap_key(row.wrapped_key, kek))


def record(
    session: Session,
    *,
    subject: str,
    kind: str,
    actor: Actor,
    document_hash: str,
    consent_text: str | None,
    now: datetime,
    payload: dict[str, str] | None = None,
) -> EvidenceEvent:
    """Append one event to the subject's chain and to the school's log, both locked until the transaction ends."""
    store.lock(session)
    head = _locked_head(session, subject)
    salt, person = new_salt(), f"{actor.name} <{actor.email}>"
    row = stored(
        Event(
            tenant=session.get_one(Establishment, current_tenant(session)).uai,
            subject=subject,
            sequence=head.length + 1,
            previous_hash=head.head_hash,
            kind=kind,
            at=now,
            nonce=new_nonce(),
            actor=commit(salt, person),
            capacity=actor.capacity,
            authenticated=actor.authentication,
            consent_hash=text_hash(consent_text) if consent_text else None,
            document_hash=document_hash,
            payload=dict(payload or {}),
        )
    )
    event = EvidenceEvent(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        subject=row.subject,
        sequence=row.sequence,
        kind=row.kind,
        at=row.at,
        previous_hash=row.previous_hash,
        hash=row.hash,
        canonical=row.canonical,
        log_index=store.append(session, row.canonical.encode()),
    )
    session.add(event)
    session.flush()
    session.add(
        EvidenceSalt(tenant_id=event.tenant_id, event_id=event.id, name="actor", value=person, salt=salt)
    )
    head.length, head.head_hash = row.sequence, row.hash
    session.flush()
    return event


def _locked_head(session: Session, subject: str) -> ChainHead:
    """Return the head of a chain, created empty if new, locked until the transaction ends."""
    values = {
        "id": uuid.uuid4(),
        "tenant_id": current_tenant(session),
        "subject": subject,
        "length": 0,
        "head_hash": "",
    }
    session.execute(insert(ChainHead).values(values).on_conflict_do_nothing())
    statement = select(ChainHead).where(ChainHead.subject == subject).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()
