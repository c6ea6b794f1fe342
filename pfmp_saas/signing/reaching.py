"""Whether a signer is reached: what was written to the address and when, and what came back from it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.retries import WorkState
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.states import RequestState, SignerState

ASKING = (
    MailKind.SIGNING_INVITATION,
    MailKind.SIGNING_REPLACED,
    MailKind.SIGNING_INFORMED,
    MailKind.SIGNING_RENEWAL,
    MailKind.UNSIGNED_CONVENTION,
    MailKind.UNSIGNED_AMENDMENT,
)
"""The mails that carry a link to sign."""


@dataclass
class Reached:
    """What is known of a signer's present address: invited and reminded when (UTC), and why a mail did not arrive."""

    invited: datetime | None = None
    reminded: list[datetime] = field(default_factory=list)
    lost: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class Lost:
    """A signer still asked whose address refuses mail, since when (UTC), and what its server said."""

    signer: Signer
    since: datetime
    why: str


_LATER = aliased(OutgoingMail)
_ARRIVED_SINCE = (
    exists()
    .where(
        _LATER.subject_id == OutgoingMail.subject_id,
        _LATER.recipient == OutgoingMail.recipient,
        _LATER.kind.in_(ASKING),
        _LATER.created_at > OutgoingMail.created_at,
        _LATER.done_at.is_not(None),
        _LATER.returned_at.is_(None),
    )
    .correlate(OutgoingMail)
)
"""A later mail left for the same address and did not come back: :func:`of_signers` says so of each."""
_IN_VAIN = (
    Signer.state == SignerState.INVITED,
    SignatureRequest.state == RequestState.OPEN,
    OutgoingMail.kind.in_(ASKING),
    or_(OutgoingMail.state == WorkState.FAILED, OutgoingMail.returned_at.is_not(None)),
    ~_ARRIVED_SINCE,
)
_SINCE = func.coalesce(OutgoingMail.returned_at, OutgoingMail.failed_at)
_TO = (Signer.id == OutgoingMail.subject_id) & (Signer.email == OutgoingMail.recipient)


def of_signers(session: Session, signers: Collection[Signer]) -> dict[uuid.UUID, Reached]:
    """Return what is known of each signer's address, by signer, in one query."""
    found = {signer.id: Reached() for signer in signers}
    addresses = {signer.id: signer.email for signer in signers}
    statement = select(OutgoingMail).where(OutgoingMail.subject_id.in_(found), OutgoingMail.kind.in_(ASKING))
    for mail in session.scalars(statement.order_by(OutgoingMail.created_at)):
        if mail.recipient == addresses[mail.subject_id]:
            _add(found[mail.subject_id], mail)
    return found


def told_since(session: Session, signer: Signer) -> datetime | None:
    """Return since when (UTC) a signer can have read what a corrected version changes: the first mail that did not come back."""
    statement = select(func.min(OutgoingMail.done_at)).where(
        OutgoingMail.subject_id == signer.id,
        OutgoingMail.recipient == signer.email,
        OutgoingMail.kind == MailKind.SIGNING_INFORMED,
        OutgoingMail.returned_at.is_(None),
    )
    return session.scalar(statement)


def _add(known: Reached, mail: OutgoingMail) -> None:
    left = mail.done_at
    if left and known.invited is None:
        known.invited = left
    elif left:
        known.reminded.append(left)
    if mail.state == WorkState.FAILED or mail.returned_at:
        known.lost = mail.returned_at or mail.failed_at
        known.why = mail.return_reason or mail.last_error or ""
    elif left:
        known.lost, known.why = None, ""


def lost(session: Session, limit: int = 200) -> list[Lost]:
    """Return the signers still asked whose address refuses mail, each once, the latest first."""
    statement = (
        select(OutgoingMail, Signer)
        .join(Signer, _TO)
        .join(Signer.request)
        .where(*_IN_VAIN)
        .options(contains_eager(Signer.request))
        .order_by(_SINCE.desc())
        .limit(limit)
    )
    found: dict[uuid.UUID, Lost] = {}
    for row in session.execute(statement):
        mail, signer = row[0], row[1]
        since = mail.returned_at or mail.failed_at or mail.created_at
        found.setdefault(signer.id, Lost(signer, since, mail.return_reason or mail.last_error or ""))
    return list(found.values())


def counting_lost() -> Select[int, Any]:
    """Return the statement of how many signers' addresses refuse mail, and since when the first does."""
    counted = select(func.count(Signer.id.distinct()), func.min(_SINCE)).select_from(OutgoingMail)
    return counted.join(Signer, _TO).join(Signer.request).where(*_IN_VAIN)
