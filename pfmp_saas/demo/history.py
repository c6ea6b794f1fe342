"""What the demonstration's schools did before today: conventions really sent and really signed, at past instants."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.retries import WorkState
from pfmp_saas.core.settings import Settings
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.use_cases import cancel
from pfmp_saas.followups import queries as followups
from pfmp_saas.followups.states import FollowupKind
from pfmp_saas.followups.use_cases import record
from pfmp_saas.roster.models import Student
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing import texts
from pfmp_saas.signing.use_cases import sign
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from pfmp_saas.workflows.people import parties

Json = Mapping[str, Any]


def live(
    session: Session,
    student: Student,
    past: Json,
    common: Json,
    referent: Json,
    settings: Settings,
    now: datetime,
) -> None:
    """Send the convention that ``past`` describes, and give the signatures that it lists, at their instants."""
    sent = now - timedelta(days=past["sent_days_ago"])
    row = conventions.create_draft(session, student_id=student.id, created_by=None, now=sent)
    days = _days(past, now.astimezone(ZoneInfo("Europe/Paris")).date())
    changes = {**common, "referent": referent, "periods": [days], "works": []}
    conventions.save(session, row.id, changes)
    kek, base_url = settings.key_encryption_key, settings.base_url
    conventions.send(session, row.id, kek=kek, base_url=base_url, now=sent)
    react(session, Around(base_url, sent))
    request = signing.request_of(session, "convention", row.id)
    assert request is not None
    for hours, signer in enumerate(request.signers, start=1):
        if signer.field in past["signed"]:
            give(session, signer.id, request.frozen_hash, settings, sent + timedelta(hours=hours))
    _contact(session, row, settings)
    cancel(session, DueKind.COPIES, request.id)
    already_mailed(session, now)


def _contact(session: Session, row: Convention, settings: Settings) -> None:
    """Record the first contact of a signed convention on its last day; the visit stays to do."""
    for act in followups.of_convention(session, row.id):
        if act.kind == FollowupKind.CONTACT:
            at = datetime.combine(act.due_on, time(17), ZoneInfo("Europe/Paris"))
            (teacher,) = parties(row, "referent")
            record(
                session, act.id, done_on=act.due_on, today=act.due_on, recorded_by=teacher.account_id, now=at
            )
            react(session, Around(settings.base_url, at))


def _days(past: Json, today: date) -> Json:
    """Return the first and last day of the period, a Monday and a working day."""
    first, last = (today + timedelta(days=past[name]) for name in ("first_day", "last_day"))
    first -= timedelta(days=first.weekday())
    last -= timedelta(days=max(0, last.weekday() - 4))
    return {"start": first.isoformat(), "end": last.isoformat()}


def give(session: Session, signer_id: Any, shown_hash: str, settings: Settings, at: datetime) -> None:
    """Sign for a signer at a past instant, with all that follows."""
    sign(
        session,
        signer_id,
        shown_hash=shown_hash,
        consent=True,
        consent_text=texts.CONSENT,
        authentication=texts.BY_LINK,
        kek=settings.key_encryption_key,
        now=at,
    )
    react(session, Around(settings.base_url, at))


def already_mailed(session: Session, now: datetime) -> None:
    """Mark the mails of past events as sent: only what falls due from now on will leave."""
    session.flush()
    session.execute(update(OutgoingMail).values(state=WorkState.DONE, done_at=now))
