"""The signature's use cases once a document is open: sign, refuse, withdraw, replace. All under the request's row lock."""

import hashlib
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts import delegations
from pfmp_saas.core.events import (
    SignatureGiven,
    SignerCalled,
    SigningRefused,
    SigningReplaced,
    SigningWithdrawn,
    emit,
)
from pfmp_saas.core.moves import advance, locked, may, move
from pfmp_saas.core.roles import is_by_delegation
from pfmp_saas.core.storage import load
from pfmp_saas.evidence.events import (
    REFUSED,
    REPLACED,
    REPLACED_FILE,
    SIGNED,
    WITHDRAWN,
)
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.signing import codes, errors, frozen, texts
from pfmp_saas.signing.links import new_link, resolve_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.opening import write_event
from pfmp_saas.signing.sealing import finish, seal_or_wait
from pfmp_saas.signing.states import RequestState, SignerState
from pfmp_saas.tenants.models import Establishment

__all__ = ["new_link", "refuse", "resolve_link", "sign", "withdraw"]


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
    _consented(session, consent=consent, authentication=authentication)
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


def _consented(session: Session, *, consent: bool, authentication: str) -> None:
    """Check the consent, and that the school asks for no more than the means by which the signer is known."""
    if not consent:
        raise errors.NoConsent
    if authentication == texts.BY_LINK and codes.wanted(session):
        raise errors.NoCode


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
    digest = hashlib.sha256(load(session, request.file_id).content).hexdigest()
    write_event(session, request, WITHDRAWN, actor, None, now, {REPLACED: "yes", REPLACED_FILE: digest})
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
