"""The address of a signer who has not answered, corrected in place: the old links die, a new one leaves."""

import uuid
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.events import SignerReaddressed, emit
from pfmp_saas.core.moves import advance
from pfmp_saas.evidence.events import READDRESSED
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.signing import errors, frozen, remarks
from pfmp_saas.signing.links import inform, invite
from pfmp_saas.signing.models import Signer, SigningLink
from pfmp_saas.signing.opening import write_event
from pfmp_saas.signing.states import RequestState, SignerState
from pfmp_saas.signing.use_cases import locked_signer

OUTSIDE = frozenset({"host_representative", "student", "tutor"})
"""Whose address the office corrects: the school's own people have that of their account."""


def correct(
    session: Session, signer_id: uuid.UUID, email: str, *, by: Actor, base_url: str, now: datetime
) -> Signer:
    """Give a signer another address: an event commits to it, nothing of the document or of others changes.

    Raises NotFound, Conflict once the person has answered or the document is closed, DomainError for the same address.
    """
    signer, request = locked_signer(session, signer_id)
    if request.state != RequestState.OPEN:
        raise errors.Closed
    if signer.field not in OUTSIDE:
        raise errors.NotByAddress
    if travelling(email) == signer.email:
        raise errors.SameAddress
    advance(signer, "readdress")
    signer.email, signer.readdressed_at = travelling(email), now
    signer.questioned_at = signer.opened_at = signer.reminded_at = None
    shown = {frozen.of_signer(signer.field): frozen.shown_of(signer)}
    write_event(session, request, READDRESSED, by, None, now, {"field": signer.field}, columns=shown)
    links = update(SigningLink).where(SigningLink.signer_id == signer.id, SigningLink.expires_at > now)
    session.execute(links.values(expires_at=now))
    remarks.answered(session, signer, "Adresse corrigée.", now)
    emit(session, SignerReaddressed(subject_id=signer.id, at=now))
    if signer.is_carrying:
        inform(session, signer, base_url, now)
    elif signer.state == SignerState.INVITED:
        invite(session, signer, base_url, now)
    return signer
