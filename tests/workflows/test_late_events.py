"""An event that is followed late, after those that came later: nobody is written to about what has ended."""

from datetime import timedelta

from sqlalchemy import func, select

from pfmp_saas.attestations.models import Attestation
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.core.events import SignerCalled, SigningOpened
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.moves import advance, locked
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.core.retries import WorkState
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.workflows import after_sending, last_day
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from tests.support.clock import NOW

AROUND = Around("http://x.example", NOW)
LATER = Around("http://x.example", NOW + timedelta(minutes=10))


def mails(db):
    db.flush()
    return db.scalar(select(func.count()).select_from(OutgoingMail))


def test_an_opening_followed_after_the_refusal_plans_no_reminder(db, refused):
    opening = select(OutboxEvent).where(
        OutboxEvent.kind == SigningOpened.__name__, OutboxEvent.subject_id == refused.id
    )
    db.scalars(opening).one().next_try_at = LATER.now  # it failed once
    react(db, AROUND)
    react(db, LATER)
    assert db.scalars(opening).one().state == WorkState.DONE
    reminders = select(DueItem).where(DueItem.kind == DueKind.UNSIGNED, DueItem.subject_id == refused.id)
    assert db.scalars(reminders).all() == []


def test_nobody_is_invited_to_a_document_that_was_refused(db, refused):
    before = mails(db)
    after_sending.invite_next(db, SignerCalled(subject_id=refused.signers[1].id, at=NOW), AROUND)
    assert mails(db) == before


def test_nobody_is_reminded_of_a_document_that_was_refused(db, refused):
    before = mails(db)
    after_sending.remind_signers(db, DueItem(subject_id=refused.id, occurrence="day-3"), AROUND)
    assert mails(db) == before


def test_the_host_is_not_asked_for_an_attestation_that_is_signed(db):
    awaited = select(Attestation.id).where(Attestation.state == AttestationState.EXPECTED).limit(1)
    row = locked(db, Attestation, db.scalars(awaited).one())
    for action in ("send", "complete"):
        advance(row, action)
    before = mails(db)
    last_day.ask_attestation(db, DueItem(subject_id=row.id, occurrence="late"), AROUND)
    assert mails(db) == before
