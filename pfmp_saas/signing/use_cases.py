"""The signature's use cases: freeze and invite, sign, refuse, withdraw. All under the request's row lock."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts import delegations
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import (
    SignatureGiven,
    SignerCalled,
    SigningOpened,
    SigningRefused,
    SigningReplaced,
    SigningWithdrawn,
    emit,
)
from pfmp_saas.core.moves import advance, locked, may, move
from pfmp_saas.core.roles import is_by_delegation
from pfmp_saas.core.storage import store
from pfmp_saas.documents.content import Rendered
from pfmp_saas.documents.sealing.authority import issue_seal
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.values import FieldPlace, Subject
from pfmp_saas.documents.versions import FIRST, RENDERER
from pfmp_saas.evidence.events import (
    FINISHED,
    FROZEN,
    PROMISED,
    REFUSED,
    REPLACED,
    REPLACES,
    SIGNED,
    WITHDRAWN,
    StoredEvent,
)
from pfmp_saas.evidence.rows import Values
from pfmp_saas.evidence.use_cases import Actor, authority, record
from pfmp_saas.signing import errors, frozen
from pfmp_saas.signing.links import invite, new_link, resolve_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.queries import first_of_each
from pfmp_saas.signing.sealing import finish, seal_or_wait
from pfmp_saas.signing.states import RequestState, SignerState
from pfmp_saas.tenants.models import Establishment

__all__ = ["SignerSpec", "new_link", "open_request", "refuse", "resolve_link", "sign", "withdraw"]
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class SignerSpec:
    """A signature to ask for: the field of the PDF, the French capacity, and the person.

    Without an address nobody is invited: the person signs on paper, and the school says so afterwards.
    """

    field: str
    capacity: str
    name: str
    email: str


def open_request(
    session: Session,
    *,
    subject_kind: str,
    subject_id: uuid.UUID,
    title: str,
    rendered: Rendered,
    signers: Sequence[SignerSpec],
    kek: bytes,
    base_url: str,
    now: datetime,
    timestamped: bool = False,
    in_order: bool = False,
    frozen: Mapping[str, str] = NOTHING,
    columns: Values = NOTHING,
    reason: str | None = None,
) -> SignatureRequest:
    """Certify the rendering with its empty fields, store it, write the first event, invite the signers.

    ``in_order`` invites each when the one before has signed; ``frozen`` are the digests of what made the document,
    ``columns`` what the database shows of it beside its title and signers: the first event commits to all of it;
    ``timestamped`` promises an authority's time on every signature: kept, or waited for, never dropped; ``reason`` is
    why this version replaces the one that ``frozen`` names.
    """
    school = session.get_one(Establishment, current_tenant(session))
    about = Subject(school.uai, school.name, f"{subject_kind}:{subject_id}", subject_kind, school.timezone)
    seal = issue_seal(authority(session, kek), school.name, school.uai, now)
    places = _places(rendered, signers)
    certified = certify(rendered.pdf, places, seal, about, now=now, timestamped=timestamped)
    row = _frozen_row(session, about, subject_id, certified, now)
    row.title, row.timestamped, row.in_order = title, timestamped, in_order
    row.replaces, row.replacement_reason = frozen.get(REPLACES), reason
    session.add(row)
    _invite_all(session, row, signers, base_url, now)
    payload = {**frozen, "expected_signatures": str(len(signers)), FINISHED: PROMISED}
    payload[RENDERER] = rendered.version or FIRST
    _record_frozen(session, row, school, payload, columns)
    emit(session, SigningOpened(subject_id=row.id, at=now, kind=subject_kind, document_id=subject_id))
    return row


def _frozen_row(
    session: Session, about: Subject, subject_id: uuid.UUID, certified: bytes, now: datetime
) -> SignatureRequest:
    """Store a certified document and return its open request, yet without a title."""
    name = f"{about.kind}-{str(subject_id)[:8]}.pdf"
    return SignatureRequest(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        subject_kind=about.kind,
        subject_id=subject_id,
        evidence_subject=about.subject,
        file_id=store(session, name=name, content=certified).id,
        frozen_hash=hashlib.sha256(certified).hexdigest(),
        frozen_length=len(certified),
        state=RequestState.OPEN,
        opened_at=now,
    )


def _record_frozen(
    session: Session,
    row: SignatureRequest,
    school: Establishment,
    payload: dict[str, str],
    columns: Values,
) -> None:
    """Write the first event of a document: the school's seal froze it."""
    seal = Actor(school.name, school.uai, "establishment", "platform-seal")
    shown = {**frozen.columns_of(row), **columns}
    write_event(session, row, FROZEN, seal, None, row.opened_at, payload, columns=shown)


def _places(rendered: Rendered, signers: Sequence[SignerSpec]) -> list[FieldPlace]:
    capacities = {signer.field: signer.capacity for signer in signers}
    return [
        FieldPlace(place.name, place.page, (place.x1, place.y1, place.x2, place.y2), capacities[place.name])
        for place in rendered.places
        if place.name in capacities
    ]


def _invite_all(
    session: Session, row: SignatureRequest, signers: Sequence[SignerSpec], base_url: str, now: datetime
) -> None:
    for position, spec in enumerate(signers, start=1):
        signer = Signer(
            id=uuid.uuid4(),
            tenant_id=row.tenant_id,
            request=row,
            position=position,
            field=spec.field,
            capacity=spec.capacity,
            name=spec.name,
            email=travelling(spec.email),
            state=SignerState.WAITING if row.in_order and position > 1 else SignerState.INVITED,
        )
        session.add(signer)
    session.flush()
    called = [each for each in row.signers if each.state == SignerState.INVITED and each.email]
    for signer in first_of_each(called):
        invite(session, signer, base_url, now)


def call_next(session: Session, request: SignatureRequest, now: datetime) -> None:
    """Open the next one's turn where people sign in order; the worker writes the invitation."""
    if not request.in_order:
        return
    statement = select(Signer.id).where(Signer.request_id == request.id, Signer.state == SignerState.WAITING)
    following = session.scalars(statement.order_by(Signer.position).limit(1)).one_or_none()
    if following is not None:
        move(session, Signer, following, "call")
        emit(session, SignerCalled(subject_id=following, at=now))


def sign(
    session: Session,
    signer_id: uuid.UUID,
    *,
    shown_hash: str,
    consent: bool,
    consent_text: str,
    authentication: str,
    kek: bytes,
    now: datetime,
) -> Signer:
    """Give one signature: one event and one PAdES revision, under the request's lock.

    For a document frozen for timestamps the revision waits for the worker and the authority.

    Raises DomainError without consent, Conflict when the frozen document is not the one shown or when the
    signer has already answered.
    """
    signer, request = locked_signer(session, signer_id)
    may(signer, "sign")
    if request.state != RequestState.OPEN:
        raise errors.Closed
    if signer.questioned_at:
        raise errors.Questioned
    if shown_hash != request.frozen_hash:
        raise errors.Changed
    if not consent:
        raise errors.NoConsent
    _in_scope(session, signer, request, now)
    _school = session.get_one(Establishment, request.tenant_id)  # held: the event and the seal find it read
    actor = Actor(signer.name, signer.email, signer.capacity, authentication)
    event = write_event(session, request, SIGNED, actor, consent_text, now, {"field": signer.field})
    advance(signer, "sign")
    signer.signed_at, signer.event_hash = now, event.hash
    call_next(session, request, now)
    emit(session, SignatureGiven(subject_id=signer.id, at=now, how=authentication))
    seal_or_wait(session, request, signer, kek, now)
    session.flush()
    return signer


def _in_scope(session: Session, signer: Signer, request: SignatureRequest, now: datetime) -> None:
    """Check that a deputy still may sign for the head. Raises DelegationOver."""
    asked = (signer.email, request.subject_kind, now)
    if is_by_delegation(signer.capacity) and not delegations.signs_now(session, *asked):
        raise errors.DelegationOver


def refuse(
    session: Session, signer_id: uuid.UUID, *, reason: str, authentication: str, now: datetime
) -> Signer:
    """Refuse to sign, with a reason that the school will read; the request is closed. Raises DomainError."""
    signer, request = locked_signer(session, signer_id)
    if not reason.strip():
        raise errors.NoReason
    advance(signer, "refuse")
    signer.refused_at, signer.refusal_reason = now, reason.strip()[:2000]
    actor = Actor(signer.name, signer.email, signer.capacity, authentication)
    said = {frozen.REASON: signer.refusal_reason}
    write_event(session, request, REFUSED, actor, None, now, {"field": signer.field}, columns=said)
    finish(session, request, "refuse", SigningRefused, now)
    return signer


def replace(session: Session, request: SignatureRequest, actor: Actor, now: datetime) -> None:
    """End a locked request that a corrected version replaces; the signatures already given stay in evidence."""
    may(request, "withdraw")
    write_event(session, request, WITHDRAWN, actor, None, now, {REPLACED: "yes"})
    finish(session, request, "withdraw", SigningReplaced, now)


def withdraw(session: Session, request_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Withdraw a document from signature; the signatures already given stay in evidence."""
    request = locked(session, SignatureRequest, request_id)
    may(request, "withdraw")
    write_event(session, request, WITHDRAWN, actor, None, now, {})
    finish(session, request, "withdraw", SigningWithdrawn, now)


def locked_signer(session: Session, signer_id: uuid.UUID) -> tuple[Signer, SignatureRequest]:
    """Lock the request, then the signer, and read both: commits are serialised, none is lost. Raises NotFound."""
    signer = locked(session, Signer, signer_id, under=Signer.request)
    return signer, signer.request


def write_event(
    session: Session,
    request: SignatureRequest,
    kind: str,
    actor: Actor,
    consent_text: str | None,
    now: datetime,
    payload: dict[str, str],
    people: dict[str, str] | None = None,
    columns: Values | None = None,
) -> StoredEvent:
    """Write an event about the request's frozen document; ``people`` and ``columns`` enter it as commitments."""
    return record(
        session,
        subject=request.evidence_subject,
        kind=kind,
        actor=actor,
        document_hash=request.frozen_hash,
        consent_text=consent_text,
        now=now,
        payload=payload,
        people=people,
        columns=columns,
    )
