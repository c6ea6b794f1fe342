"""Reactions to the outbox: what one domain did that another must follow."""

import logging
import uuid
from collections.abc import Callable, Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pfmp_saas.attestations import use_cases as attestations
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.reuse import remember_host
from pfmp_saas.core import mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.deadlines.use_cases import cancel, schedule
from pfmp_saas.signing.links import invite
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows import accidents, copies, followups, texts
from pfmp_saas.workflows.context import Around

LOG = logging.getLogger("pfmp")
MOST_ATTEMPTS = 500
"""A tick comes every two seconds: a quarter of an hour of failures, then a person must look."""
REMIND_AFTER_DAYS = (3, 7, 14)
ATTESTATION_DAYS = (0, 1, 3, 7)
MORNING, AFTERNOON = time(8), time(16)


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


def _local(session: Session, day: datetime, at: time, days: int) -> datetime:
    """Return ``at`` local time, ``days`` after the local date of ``day``, as an instant."""
    zone = ZoneInfo(tenants.get(session, current_tenant(session)).timezone)
    return datetime.combine(day.astimezone(zone).date() + timedelta(days=days), at, zone)


def _opened(session: Session, row: OutboxEvent, around: Around) -> None:
    if row.payload["subject_kind"] != "convention":
        return
    for days in REMIND_AFTER_DAYS:
        due = _local(session, around.now, MORNING, days)
        schedule(session, "unsigned-convention", row.subject_id, f"day-{days}", due_at=due)


def _turn(session: Session, row: OutboxEvent, around: Around) -> None:
    signer = session.get_one(Signer, row.subject_id)
    if signer.email:
        invite(session, signer, around.base_url, around.now)


def _sent(session: Session, row: OutboxEvent, _around: Around) -> None:
    remember_host(session, session.get_one(Convention, row.subject_id))


def _completed(session: Session, row: OutboxEvent, around: Around) -> None:
    request = session.get_one(SignatureRequest, row.subject_id)
    subject = uuid.UUID(row.payload["subject_id"])
    if request.subject_kind == "convention":
        cancel(session, "unsigned-convention", request.id)
        conventions.complete(session, subject, around.now)
        return
    attestation = attestations.complete(session, subject, around.now)
    cancel(session, "attestation", attestation.id)
    copies.ask(session, request, around)


def _signed(session: Session, row: OutboxEvent, around: Around) -> None:
    convention = session.get_one(Convention, row.subject_id)
    request = session.get_one(SignatureRequest, convention.request_id)
    copies.ask(session, request, around)
    attestation = attestations.expect(session, convention)
    last = datetime.combine(attestation.due_on, time(12), ZoneInfo("UTC"))
    for days in ATTESTATION_DAYS:
        due = _local(session, last, MORNING, days)
        schedule(session, "attestation", attestation.id, f"day-{days}", due_at=due)
    followups.signed(session, convention, around)
    schedule(session, "evaluation", convention.id, "last-day", due_at=_local(session, last, AFTERNOON, 0))


def _refused(session: Session, row: OutboxEvent, _around: Around) -> None:
    request = session.get_one(SignatureRequest, row.subject_id)
    cancel(session, "unsigned-convention", request.id)
    if request.subject_kind != "convention":
        return
    conventions.refuse(session, request.subject_id)
    signer = next(signer for signer in request.signers if signer.refusal_reason)
    body = texts.REFUSED.format(
        signer=signer.name, capacity=signer.capacity, title=request.title, reason=signer.refusal_reason
    )
    kept = tenants.settings(session)
    to = ("", kept.email or kept.head_email)
    title = f"Refusée : {request.title}"
    mail.write(session, "convention-refused", request.id, occurrence="1", to=to, title=title, body=body)


def _withdrawn(session: Session, row: OutboxEvent, _around: Around) -> None:
    cancel(session, "unsigned-convention", row.subject_id)


_REACTIONS: dict[str, Callable[[Session, OutboxEvent, Around], None]] = {
    "signing.opened": _opened,
    "signing.turn": _turn,
    "signing.completed": _completed,
    "signing.refused": _refused,
    "signing.withdrawn": _withdrawn,
    "convention.sent": _sent,
    "convention.signed": _signed,
    "accident.recorded": accidents.recorded,
    "accident.declared": accidents.declared,
    "followup.recorded": followups.recorded,
}
