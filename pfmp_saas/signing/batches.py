"""Many signatures with one consent: documents chosen together under one's account, or one person's capacities on one document."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.moves import advance, locked
from pfmp_saas.core.unit_of_work import attempt
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.use_cases import given_up, schedule
from pfmp_saas.signing import errors, queries, texts
from pfmp_saas.signing.models import Signer, SigningBatch, SigningBatchItem
from pfmp_saas.signing.states import BatchItemState
from pfmp_saas.signing.use_cases import sign


def open_batch(
    session: Session, account_id: uuid.UUID, shown: Mapping[uuid.UUID, str], *, consent: bool, now: datetime
) -> SigningBatch:
    """Store a person's choice: for each signature, the hash of the document that was shown.

    What is not his or hers to sign here is ignored. The worker signs each, rows first. Raises DomainError
    without consent or with nothing chosen.
    """
    account = session.get_one(Account, account_id)
    mine = [signer for signer in queries.awaiting(session, account.email) if signer.id in shown]
    if not mine:
        raise errors.NothingChosen
    if not consent:
        raise errors.NoConsent
    batch = SigningBatch(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        account_id=account_id,
        consent_text=texts.CONSENT_MANY,
        opened_at=now,
    )
    session.add(batch)
    session.flush()
    for position, signer in enumerate(mine, start=1):
        _add(session, batch, signer, shown[signer.id], position)
    return batch


def _add(session: Session, batch: SigningBatch, signer: Signer, shown_hash: str, position: int) -> None:
    item = SigningBatchItem(
        id=uuid.uuid4(),
        tenant_id=batch.tenant_id,
        batch_id=batch.id,
        signer_id=signer.id,
        position=position,
        title=signer.request.title,
        shown_hash=shown_hash[:64],
        state=BatchItemState.WAITING,
    )
    session.add(item)
    session.flush()
    schedule(session, DueKind.SIGN, item.id, "1", due_at=batch.opened_at)


def sign_item(session: Session, item_id: uuid.UUID, kek: bytes, now: datetime) -> SigningBatchItem:
    """Sign one document of a batch, or say why not: it changed, it was answered or closed meanwhile."""
    item = locked(session, SigningBatchItem, item_id)
    batch = session.get_one(SigningBatch, item.batch_id)
    account, signer = session.get_one(Account, batch.account_id), session.get_one(Signer, item.signer_id)
    try:
        if not account.active or account.email != signer.email:
            raise errors.NotYours
        with attempt(session):
            sign(
                session,
                signer.id,
                shown_hash=item.shown_hash,
                consent=True,
                consent_text=batch.consent_text,
                authentication=texts.BY_ACCOUNT,
                kek=kek,
                now=now,
            )
        advance(item, "sign")
    except DomainError as error:
        advance(item, "skip")
        item.reason = error.message
    item.done_at = now
    return item


def sign_also(session: Session, signer_id: uuid.UUID, also: Collection[str], **act: Any) -> None:
    """Give a person's signature, and those that he or she chose of the other capacities asked of the same person.

    ``act`` are the arguments of :func:`sign`; all are given or none. Raises as it does.
    """
    signer = sign(session, signer_id, **act)
    for other in queries.same_person(signer) if also else ():
        if str(other.id) in also:
            sign(session, other.id, **act)


def batch_of(session: Session, batch_id: uuid.UUID, account_id: uuid.UUID) -> SigningBatch:
    """Return one of the account's own batches. Raises NotFound."""
    row = session.get(SigningBatch, batch_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    return row


def stuck(session: Session, batch: SigningBatch) -> list[SigningBatchItem]:
    """Return the documents of a batch that wait for a person: the worker failed to sign them, and gave up."""
    waiting = [item for item in batch.items if item.state == BatchItemState.WAITING]
    failed = given_up(session, DueKind.SIGN, [item.id for item in waiting])
    return [item for item in waiting if item.id in failed]


def own(session: Session, signer_id: uuid.UUID, email: str) -> Signer:
    """Return a signature that an address was asked for. Raises NotFound."""
    statement = select(Signer).where(Signer.id == signer_id, Signer.email == email)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound
    return row
