"""Reactions to the outbox: what one domain did that another must follow."""

import logging
import uuid
from collections.abc import Callable, Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.reuse import remember_host
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.deadlines.use_cases import cancel, schedule
from pfmp_saas.signing.links import invite
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.workflows import accidents, amended, attested, copies, followups, refusals, retention, texts
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.times import MORNING, local

LOG = logging.getLogger("pfmp")
MOST_ATTEMPTS = 500
"""A tick comes every two seconds: a quarter of an hour of failures, then a person must look."""
REMIND_AFTER_DAYS = (3, 7, 14)


def react(session: Session, around: Around) -> int:
    """Handle the current tenant's pending outbox events, oldest first; return how many.

    Rows that another worker holds are left to it. A reaction may emit events: they are handled too. One
    that fails is undone and tried again by a later tick; it stops neither the others nor what caused it.
    """
    count, failed = 0, set[uuid.UUID]()
    while rows := _pending(session, failed):
        for row in rows:
            if _handled(session, row, around):
                count += 1
            else:
                failed.add(row.id)
    return count


def _handled(session: Session, row: OutboxEvent, around: Around) -> bool:
    reaction = _REACTIONS.get(row.kind)
    try:
        with session.begin_nested():
            if reaction:
                reaction(session, row, around)
            row.handled_at = around.now
    except Exception:
        LOG.exception("reaction to %s failed, attempt %s", row.kind, row.attempts + 1)
        session.execute(update(OutboxEvent).where(OutboxEvent.id == row.id).values(attempts=row.attempts + 1))
        session.refresh(row)
        return False
    return True


def _pending(session: Session, failed: Collection[uuid.UUID]) -> list[OutboxEvent]:
    statement = select(OutboxEvent).where(
        OutboxEvent.handled_at.is_(None), OutboxEvent.id.not_in(failed), OutboxEvent.attempts < MOST_ATTEMPTS
    )
    ordered = statement.order_by(OutboxEvent.created_at).limit(50)
    return list(session.scalars(ordered.with_for_update(skip_locked=True)))


def _opened(session: Session, row: OutboxEvent, around: Around) -> None:
    if row.payload["subject_kind"] not in texts.WHY_SIGN:
        return
    for days in REMIND_AFTER_DAYS:
        due = local(session, around.now, MORNING, days)
        schedule(session, "unsigned-convention", row.subject_id, f"day-{days}", due_at=due)


def _turn(session: Session, row: OutboxEvent, around: Around) -> None:
    signer = session.get_one(Signer, row.subject_id)
    if signer.email:
        invite(session, signer, around.base_url, around.now)


def _sent(session: Session, row: OutboxEvent, _around: Around) -> None:
    remember_host(session, session.get_one(Convention, row.subject_id))


def _completed(session: Session, row: OutboxEvent, around: Around) -> None:
    request = session.get_one(SignatureRequest, row.subject_id)
    cancel(session, "unsigned-convention", request.id)
    retention.keep(session, request, around)
    _COMPLETED[request.subject_kind](session, request, around)


def _convention_complete(session: Session, request: SignatureRequest, around: Around) -> None:
    conventions.complete(session, request.subject_id, around.now)


def _signed(session: Session, row: OutboxEvent, around: Around) -> None:
    convention = session.get_one(Convention, row.subject_id)
    copies.ask(session, session.get_one(SignatureRequest, convention.request_id), around)
    attested.expected(session, convention)
    followups.signed(session, convention, around)


def _refused(session: Session, row: OutboxEvent, around: Around) -> None:
    refusals.refused(session, row, around)
    retention.keep(session, session.get_one(SignatureRequest, row.subject_id), around)


def _withdrawn(session: Session, row: OutboxEvent, around: Around) -> None:
    cancel(session, "unsigned-convention", row.subject_id)
    retention.keep(session, session.get_one(SignatureRequest, row.subject_id), around)


_COMPLETED: dict[str, Callable[[Session, SignatureRequest, Around], None]] = {
    "convention": _convention_complete,
    "attestation": attested.complete,
    "amendment": amended.complete,
}

_REACTIONS: dict[str, Callable[[Session, OutboxEvent, Around], None]] = {
    "signing.opened": _opened,
    "signing.turn": _turn,
    "signing.completed": _completed,
    "signing.refused": _refused,
    "signing.withdrawn": _withdrawn,
    "convention.sent": _sent,
    "convention.signed": _signed,
    "amendment.signed": amended.signed,
    "accident.recorded": accidents.recorded,
    "accident.declared": accidents.declared,
    "followup.recorded": followups.recorded,
}
