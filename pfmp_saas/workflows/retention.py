"""Retention: the erasure of each closed document, and of a convention's whole file after its last document."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pfmp_saas.accidents.audit import ACCIDENTS
from pfmp_saas.accidents.models import Accident
from pfmp_saas.amendments import queries as amendments
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.conventions import retention as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.events import ConventionDiscarded, SigningEvent
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.storage import StoredFile
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.difficulties.audit import DIFFICULTIES
from pfmp_saas.difficulties.models import Difficulty
from pfmp_saas.evaluations.audit import EVALUATIONS
from pfmp_saas.evidence import register
from pfmp_saas.followups.audit import FOLLOWUPS
from pfmp_saas.followups.models import Followup
from pfmp_saas.halves import use_cases as halves
from pfmp_saas.law.retention import Fate, kept_until
from pfmp_saas.searches import use_cases as searches
from pfmp_saas.signing import retention as signing
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.states import RequestState
from pfmp_saas.workflows import copies
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.times import MORNING, local, zone

_AGAIN = timedelta(days=30)


def plan(session: Session, event: SigningEvent, _around: Around) -> None:
    """Schedule the erasure of a document that has just closed, on the morning after its last day of retention."""
    request = session.get_one(SignatureRequest, event.subject_id)
    due = local(session, last_day(session, request, event.at), MORNING, 1)
    schedule(session, DueKind.RETENTION, request.id, "1", due_at=due)


def forget_draft(session: Session, event: ConventionDiscarded) -> None:
    """Delete what a pupil noted and what a host answered for a draft that was thrown away."""
    searches.forget(session, event.subject_id)
    halves.forget(session, event.subject_id)
    _forget_mails(session, [event.subject_id])


def still_kept(session: Session, email: str) -> list[tuple[str, date | None]]:
    """Return the documents that name a signer and must be kept: their titles, and until when; None while open."""
    statement = select(SignatureRequest).join(Signer, Signer.request_id == SignatureRequest.id)
    mine = (Signer.email == travelling(email), SignatureRequest.erased_at.is_(None))
    rows = session.scalars(statement.where(*mine).distinct().order_by(SignatureRequest.opened_at))
    return [(row.title, last_day(session, row, row.closed_at) if row.closed_at else None) for row in rows]


def last_day(session: Session, request: SignatureRequest, closed_at: datetime) -> date:
    """Return the last local day on which a document that closed at ``closed_at`` (UTC) is kept."""
    closed = closed_at.astimezone(zone(session)).date()
    return kept_until(closed, Fate.SIGNED if request.state == RequestState.COMPLETE else Fate.UNSIGNED)


def end(session: Session, item: DueItem, around: Around) -> None:
    """Erase a document, and its convention's whole file when it was the last of it."""
    request = session.get_one(SignatureRequest, item.subject_id)
    if signing.is_carried_on(session, request):  # the proof of the later version holds this file
        again = str(int(item.occurrence) + 1)
        schedule(session, DueKind.RETENTION, request.id, again, due_at=around.now + _AGAIN)
        return
    convention = copies.convention_of(session, request)
    _forget_mails(session, [request.id, *(signer.id for signer in request.signers)])
    signing.purge(session, request, around.now)
    if all(other.erased_at for other in _requests(session, convention)):
        _forget(session, convention, around.now)


def _requests(session: Session, convention: Convention) -> Iterator[SignatureRequest]:
    """Yield the requests of a convention's file: its own, its amendments', its attestation's."""
    subjects = [
        convention.id,
        *(amendment.id for amendment in amendments.of_convention(session, convention.id)),
    ]
    attestation = attestations.of_convention(session, convention.id)
    subjects += [attestation.id] if attestation else []
    yield from session.scalars(select(SignatureRequest).where(SignatureRequest.subject_id.in_(subjects)))


def _forget(session: Session, convention: Convention, now: datetime) -> None:
    attestation = attestations.of_convention(session, convention.id)
    subjects = [convention.id, *([attestation.id] if attestation else [])]
    for mailed in (Amendment, Accident, Followup, Difficulty):
        subjects += session.scalars(select(mailed.id).where(mailed.convention_id == convention.id))
    searches.forget(session, convention.id)
    halves.forget(session, convention.id)
    _forget_mails(session, subjects)
    if attestation:
        attestation.place = attestation.reason = ""
    proofs = select(Accident.proof_id).where(Accident.convention_id == convention.id)
    session.execute(update(StoredFile).where(StoredFile.id.in_(proofs)).values(content=b""))
    for kept in (ACCIDENTS, EVALUATIONS, FOLLOWUPS, DIFFICULTIES):
        mine = kept.model.convention_id == convention.id
        register.forget(session, kept, session.scalars(select(kept.model.id).where(mine)).all(), now)
        session.execute(delete(kept.model).where(mine))
    for row in amendments.of_convention(session, convention.id):
        row.before, row.data, row.reason = {}, {}, ""
    conventions.purge(session, convention)


def _forget_mails(session: Session, subjects: list[uuid.UUID]) -> None:
    session.execute(delete(OutgoingMail).where(OutgoingMail.subject_id.in_(subjects)))
