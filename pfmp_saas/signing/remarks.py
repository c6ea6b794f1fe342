"""What a signer says instead of signing, or before: kept, told to the office, answered or taken back."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from pfmp_saas.core.database import current_tenant, existing
from pfmp_saas.core.events import SignerRemarked, emit
from pfmp_saas.core.moves import advance, locked
from pfmp_saas.signing import carrying, errors
from pfmp_saas.signing.models import Signer, SignerRemark
from pfmp_saas.signing.states import STOPPING, RemarkKind, RemarkState, SignerState

MOST_OPEN = 5
"""Of one signer at once: a link that others have is no way to fill the office's list."""


def tell(
    session: Session, signer_id: uuid.UUID, kind: RemarkKind, about: str, words: str, now: datetime
) -> SignerRemark:
    """Store what a signer says; who is not the right person signs nothing until it is answered or taken back.

    Who opposes that a signature given before is carried over is asked to sign anew. Raises NotFound, DomainError
    without words, NothingCarried.
    """
    signer = locked(session, Signer, signer_id, under=Signer.request)
    if not (words.strip() or about.strip()):
        raise errors.NoWords
    if kind == RemarkKind.OBJECTION:
        carrying.oppose(session, signer, now)
    row = SignerRemark(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        signer_id=signer.id,
        kind=kind,
        about=about.strip(),
        words=words.strip(),
        told_at=now,
        state=RemarkState.OPEN,
    )
    if len(_open(session, signer)) >= MOST_OPEN:
        return row
    session.add(row)
    if kind in STOPPING and signer.state in (SignerState.INVITED, SignerState.WAITING):
        signer.questioned_at = now
    emit(session, SignerRemarked(subject_id=row.id, at=now))
    session.flush()
    return row


def touched(session: Session, signer_id: uuid.UUID, now: datetime) -> None:
    """Note when (UTC) a person first touched the page of a link. Raises NotFound."""
    signer = locked(session, Signer, signer_id, under=Signer.request)
    signer.opened_at = signer.opened_at or now


def take_back(session: Session, signer_id: uuid.UUID, now: datetime) -> None:
    """Take back what a signer said of not being the right person: the link signs again. Raises NotFound."""
    signer = locked(session, Signer, signer_id, under=Signer.request)
    signer.questioned_at = None
    for row in _open(session, signer):
        if row.kind in STOPPING:
            _end(session, row, "take-back", None, now)


def settle(session: Session, remark_id: uuid.UUID, answer: str, by: uuid.UUID, now: datetime) -> SignerRemark:
    """Note what the school answered; a link that was stopped signs again. Raises NotFound, Conflict."""
    known = existing(session, SignerRemark, remark_id)
    signer = locked(session, Signer, known.signer_id, under=Signer.request)
    row = _end(session, known, "settle", answer.strip(), now)
    row.settled_by = by
    if row.kind in STOPPING and not any(each.kind in STOPPING for each in _open(session, signer)):
        signer.questioned_at = None
    return row


def answered(session: Session, signer: Signer, answer: str, now: datetime) -> None:
    """Settle what a signer said of not being the right person, by what the school did; the signer is locked."""
    for row in _open(session, signer):
        if row.kind in STOPPING:
            _end(session, row, "settle", answer, now)


def close_all(session: Session, signers: Iterable[Signer], answer: str, now: datetime) -> None:
    """Settle all that the signers of a document said, by the corrected version; they are locked with their request."""
    for signer in signers:
        for row in _open(session, signer):
            _end(session, row, "settle", answer, now)


def spells(session: Session, signer: Signer, name: str) -> bool:
    """Tell whether a signer asked for that very spelling of the own name: no signature is needed for it."""
    asked = [row.about for row in _open(session, signer) if row.kind == RemarkKind.SPELLING]
    return any(" ".join(each.split()) == " ".join(name.split()) for each in asked)


def _end(session: Session, row: SignerRemark, action: str, answer: str | None, now: datetime) -> SignerRemark:
    row = locked(session, SignerRemark, row.id)
    advance(row, action)
    row.answer, row.settled_at = answer, now
    session.flush()
    return row


def _open(session: Session, signer: Signer) -> list[SignerRemark]:
    statement = select(SignerRemark).where(
        SignerRemark.signer_id == signer.id, SignerRemark.state == RemarkState.OPEN
    )
    return list(session.scalars(statement))


def counting_open() -> Select[int, Any]:
    """Return the statement of how many remarks await the office, and since when the first does."""
    return select(func.count(), func.min(SignerRemark.told_at)).where(SignerRemark.state == RemarkState.OPEN)


def open_ones(session: Session, limit: int = 200) -> list[SignerRemark]:
    """Return what awaits the office in the current tenant, the oldest first, with signers and their documents."""
    statement = (
        select(SignerRemark)
        .join(SignerRemark.signer)
        .join(Signer.request)
        .where(SignerRemark.state == RemarkState.OPEN)
        .options(contains_eager(SignerRemark.signer).contains_eager(Signer.request))
        .order_by(SignerRemark.told_at)
        .limit(limit)
    )
    return list(session.scalars(statement))
