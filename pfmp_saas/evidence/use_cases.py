"""Writing evidence: an event per act, chained under a row lock; and each school's signing authority."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import Base, current_tenant
from pfmp_saas.documents.sealing.authority import Issuer, make_tenant_authority
from pfmp_saas.documents.sealing.keys import unwrap_key, wrap_key
from pfmp_saas.evidence.chain import Head
from pfmp_saas.evidence.events import (
    Event,
    StoredEvent,
    commit,
    new_nonce,
    new_salt,
    stored,
    text_hash,
    utc_text,
)
from pfmp_saas.evidence.log import store
from pfmp_saas.evidence.log.models import LogHead
from pfmp_saas.evidence.models import ChainHead, TenantAuthority
from pfmp_saas.evidence.rows import ROW, Values, commitments
from pfmp_saas.tenants.models import Establishment


@dataclass(frozen=True)
class Actor:
    """The person of an event: name and address enter the evidence as a salted commitment only."""

    name: str
    email: str
    capacity: str
    authentication: str


# The tables themselves: these statements are written at every act of signing, and no object of the session is concerned.
_HEADS = Base.metadata.tables[ChainHead.__tablename__]
_STANDS = (
    select(_HEADS.c.length, _HEADS.c.head_hash)
    .where(_HEADS.c.tenant_id == bindparam("tenant"), _HEADS.c.subject == bindparam("chain"))
    .with_for_update()
)
_LOG = Base.metadata.tables[LogHead.__tablename__]
_BOTH = (  # the log's row is locked first: PostgreSQL locks in the order of the names after "of"
    select(_LOG.c.size, _LOG.c.peaks, _HEADS.c.length, _HEADS.c.head_hash)
    .join(_HEADS, _HEADS.c.tenant_id == _LOG.c.tenant_id)
    .where(_LOG.c.tenant_id == bindparam("tenant"), _HEADS.c.subject == bindparam("chain"))
    .with_for_update(of=(_LOG, _HEADS))
)
_APPEND = store.appending(  # the event, the head of its chain and its salts
    """
    , event as (
        insert into evidence_events (
            id, tenant_id, subject, sequence, kind, at, previous_hash, hash, canonical, log_index
        )
        values (:event, :tenant, :subject, :sequence, :kind, :at, :previous_hash, :hash, :canonical, :log_index)
    ), head as (
        insert into chain_heads (id, tenant_id, subject, length, head_hash)
        values (gen_random_uuid(), :tenant, :subject, :sequence, :hash)
        on conflict (tenant_id, subject) do update set length = excluded.length, head_hash = excluded.head_hash
    )
    insert into evidence_salts (id, tenant_id, event_id, name, value, salt)
    select gen_random_uuid(), :tenant, :event, known.name, known.value, known.salt
    from unnest(cast(:names as text[]), cast(:values as text[]), cast(:salts as bytea[])) as known (name, value, salt)
    """
)
ISSUING = (
    TenantAuthority.certificate_pem,
    TenantAuthority.root_pem,
    TenantAuthority.root_list_pem,
    TenantAuthority.wrapped_key,
)
"""The columns of an authority that :func:`opened` takes."""
_AUTHORITY = select(TenantAuthority).where(TenantAuthority.retired_at.is_(None))
_COLUMNS = ("subject", "sequence", "kind", "at", "previous_hash", "hash", "canonical")
ACTOR = "actor"
PLATFORM = Actor("Plateforme PFMP", "", "platform", "root-key")


def person(name: str, email: str) -> str:
    """Return the text committed to for a person: the name, and the address by which he or she may be erased."""
    return f"{name} <{email}>"


def open_authority(
    session: Session, root: Issuer, establishment: Establishment, kek: bytes, now: datetime
) -> TenantAuthority:
    """Issue the current school's signing authority under ``root``; its key is wrapped by ``kek`` (32 bytes)."""
    issuer = make_tenant_authority(root, establishment.name, establishment.uai, now)
    row = TenantAuthority(
        tenant_id=establishment.id,
        certificate_pem=issuer.certificate_pem,
        root_pem=issuer.root_pem,
        root_list_pem=issuer.root_list_pem,
        wrapped_key=wrap_key(issuer.key_pem, kek),
    )
    session.add(row)
    session.flush()
    _record_authority(session, establishment.uai, "authority-opened", row.certificate_pem, now)
    return row


def rotate_authority(session: Session, root: Issuer, kek: bytes, now: datetime) -> TenantAuthority:
    """Retire the current school's authority and issue another; what the old one signed stays valid."""
    school = session.get_one(Establishment, current_tenant(session))
    for row in session.scalars(_AUTHORITY):
        row.retired_at = now
        _record_authority(session, school.uai, "authority-retired", row.certificate_pem, now)
    return open_authority(session, root, school, kek, now)


def _record_authority(session: Session, uai: str, kind: str, certificate_pem: str, now: datetime) -> None:
    record_key(session, f"authority:{uai}", kind, certificate_pem, now)


def record_key(session: Session, subject: str, kind: str, certificate_pem: str, now: datetime) -> StoredEvent:
    """Record from when to when a key of the current school is valid, as its certificate says (UTC)."""
    certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    payload = {
        "certificate_sha256": certificate.fingerprint(SHA256()).hex(),
        "not_before": utc_text(certificate.not_valid_before_utc),
        "not_after": utc_text(certificate.not_valid_after_utc),
    }
    return record(
        session,
        subject=subject,
        kind=kind,
        actor=PLATFORM,
        document_hash=None,
        consent_text=None,
        now=now,
        payload=payload,
    )


def authority(session: Session, kek: bytes) -> Issuer:
    """Return the current school's authority, its key unwrapped in memory."""
    return opened(session.scalars(_AUTHORITY).one(), kek)


def authorities_of(session: Session, certificates: Collection[x509.Certificate], kek: bytes) -> list[Issuer]:
    """Return the current school's authorities, a retired one too, that are among ``certificates``."""
    rows = session.scalars(select(TenantAuthority).order_by(TenantAuthority.created_at))
    known = {each.public_bytes(Encoding.PEM).decode() for each in certificates}
    return [opened(row, kek) for row in rows if row.certificate_pem in known]


def opened(row: TenantAuthority | Row[Any], kek: bytes) -> Issuer:
    """Return an authority, or a row with the columns of ``ISSUING``, as what can issue: its key unwrapped in memory."""
    return Issuer(row.certificate_pem, row.root_pem, unwrap_key(row.wrapped_key, kek), row.root_list_pem)


def record(
    session: Session,
    *,
    subject: str,
    kind: str,
    actor: Actor,
    document_hash: str | None,
    consent_text: str | None,
    now: datetime,
    payload: dict[str, str] | None = None,
    people: Mapping[str, str] | None = None,
    columns: Values | None = None,
) -> StoredEvent:
    """Append one event to the subject's chain and to the school's log, both locked until the transaction ends.

    ``people`` names others than the actor, as :func:`person` writes them: the payload holds a salted commitment to each.
    ``columns`` are the values of a row: a commitment to each, and the values themselves are not kept here.
    """
    log, head = _locked(session, subject)
    known = {ACTOR: person(actor.name, actor.email), **(people or {})}
    committed, salts = _committed(known, columns)
    row = stored(
        Event(
            tenant=session.get_one(Establishment, current_tenant(session)).uai,
            subject=subject,
            sequence=head.length + 1,
            previous_hash=head.hash,
            kind=kind,
            at=now,
            nonce=new_nonce(),
            actor=committed.pop(ACTOR),
            capacity=actor.capacity,
            authenticated=actor.authentication,
            consent_hash=text_hash(consent_text) if consent_text else None,
            document_hash=document_hash,
            payload={**(payload or {}), **committed},
        )
    )
    _keep(session, log, row, {name: known.get(name) for name in salts}, salts)
    return row


def _committed(known: Mapping[str, str], columns: Values | None) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the commitments to people, and to a row's columns if there are any, each with its salt."""
    salts = {name: new_salt() for name in known}
    committed: dict[str, Any] = {name: commit(salts[name], known[name]) for name in known}
    if columns is not None:
        salts[ROW] = new_salt()
        committed[ROW] = commitments(salts[ROW], columns)
    return committed, salts


def _keep(
    session: Session,
    log: tuple[int, bytes],
    row: StoredEvent,
    known: Mapping[str, str | None],
    salts: Mapping[str, bytes],
) -> None:
    """Write an event's row, the head of its chain, its leaf, and the salt and value of each commitment.

    Erasing the salts' rows erases the people.
    """
    columns = {name: getattr(row, name) for name in _COLUMNS}
    people = {"names": [*known], "values": [*known.values()], "salts": [*salts.values()]}
    values = {"event": uuid.uuid4()} | columns | people
    store.append(session, log, row.canonical.encode(), _APPEND, values)


def _locked(session: Session, subject: str) -> tuple[tuple[int, bytes], Head]:
    """Return where the current school's log and a chain stand, both locked until the transaction ends.

    One statement for a chain that has begun. A first event locks the log, then looks again: whoever appends holds the
    log's lock, so two never begin the same chain.
    """
    values = {"tenant": current_tenant(session), "chain": subject}
    row = session.execute(_BOTH, values).one_or_none()
    if row is not None:
        return (row.size, row.peaks), Head(row.length, row.head_hash)
    log = store.lock(session)
    begun = session.execute(_STANDS, values).one_or_none()
    return log, Head(begun.length, begun.head_hash) if begun else Head()
