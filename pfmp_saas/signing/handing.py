"""Copies to hand over: a signer without an address gets the signed document on paper (S-agr 19), and the office ticks it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from pfmp_saas.core.moves import locked
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.states import RequestState

_OWED = (
    SignatureRequest.state == RequestState.COMPLETE,
    SignatureRequest.erased_at.is_(None),
    Signer.email == "",
    Signer.handed_at.is_(None),
)


def owed(session: Session, most: int = 200) -> list[Signer]:
    """Return the signers who are owed a copy on paper, those of the document that was signed first before the others."""
    statement = (
        select(Signer)
        .join(Signer.request)
        .where(*_OWED)
        .options(contains_eager(Signer.request))
        .order_by(SignatureRequest.closed_at, Signer.position)
        .limit(most)
    )
    return list(session.scalars(statement))


def counting_owed() -> Select[int, Any]:
    """Return the statement of how many copies are owed on paper, and since when."""
    return select(func.count(), func.min(SignatureRequest.closed_at)).join(Signer.request).where(*_OWED)


def hand_over(session: Session, signer_id: uuid.UUID, by: uuid.UUID, now: datetime) -> Signer:
    """Note that a signer has the copy; noted twice, the first stands. Raises NotFound."""
    row = locked(session, Signer, signer_id)
    if row.handed_at is None:
        row.handed_at, row.handed_by = now, by
        session.flush()
    return row
