"""During the placement: the referent's acts come due, and what makes regulated works lawful may lapse."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries as amendments
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.queries import case_of
from pfmp_saas.core import dates, mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import AmendmentSigned, ConventionSigned, FollowupRecorded
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.roles import Role
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import cancel, due_again, schedule
from pfmp_saas.followups import queries
from pfmp_saas.followups import use_cases as followups
from pfmp_saas.followups.states import FollowupKind, FollowupState
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.regulated import derogable_works
from pfmp_saas.law.clocks import derogation_valid_until, medical_opinion_valid_until, renewal_reminders
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.people import office, parties, sign_in_url
from pfmp_saas.workflows.times import MORNING, local

REMIND_DAYS = {FollowupKind.CONTACT: (-2, 0, 2), FollowupKind.VISIT: (-7, -2, 0)}
"""Days after the last day for the act; a negative one comes before."""
_MAILS = {
    FollowupKind.CONTACT: MailKind.FOLLOWUP_CONTACT,
    FollowupKind.VISIT: MailKind.FOLLOWUP_VISIT,
}


def expect(session: Session, event: ConventionSigned, around: Around) -> None:
    """Create the referent's acts of a signed convention, and schedule the reminders of acts and lapsing documents."""
    _plan(session, session.get_one(Convention, event.subject_id), around)


def _plan(session: Session, convention: Convention, around: Around) -> None:
    """Create the acts and schedule their reminders; schedule the office's about documents that lapse by the end."""
    for row in followups.expect(session, convention):
        for days in REMIND_DAYS[FollowupKind(row.kind)] if row.state == FollowupState.EXPECTED else ():
            occurrence = f"{row.due_on.isoformat()}{days:+d}"
            _schedule(
                session, DueKind.FOLLOWUP, row.id, occurrence, row.due_on + timedelta(days=days), around
            )
    case = case_of(session, convention)
    minor = case.minor_dates
    for what, until in lapsing(case):
        for day in renewal_reminders(until, minor[0], minor[-1]):
            occurrence = f"{what}-{until.isoformat()}-{(until - day).days}"
            payload = {"what": what, "until": until.isoformat()}
            _schedule(session, DueKind.RENEWAL, convention.id, occurrence, day, around, payload)


def follow_amendment(session: Session, event: AmendmentSigned, around: Around) -> None:
    """Move the referent's acts to the amended periods, and replace the reminders by those of the new days."""
    convention = session.get_one(Convention, amendments.get(session, event.subject_id).convention_id)
    for row in followups.move_to(session, convention):
        cancel(session, DueKind.FOLLOWUP, row.id)
    cancel(session, DueKind.RENEWAL, convention.id)
    _plan(session, convention, around)


def _schedule(
    session: Session,
    kind: DueKind,
    subject: uuid.UUID,
    occurrence: str,
    day: date,
    around: Around,
    payload: dict[str, str] | None = None,
) -> None:
    """Schedule a morning's reminder, unless that morning has passed."""
    due = local(session, day, MORNING, 0)
    if due > around.now:
        schedule(session, kind, subject, occurrence, due_at=due, payload=dict(payload or {}), again=True)


def lapsing(case: Case) -> Iterator[tuple[str, date]]:
    """Yield the documents that allow a minor's regulated works, each with the last day of its validity."""
    if not case.minor_dates or not derogable_works(case):
        return
    sent, opinion = case.facts.host.derogation_sent_on, case.facts.student.medical_opinion_on
    if sent:
        yield "derogation", derogation_valid_until(sent)
    if opinion:
        yield "medical", medical_opinion_valid_until(opinion)


def stop_reminders(session: Session, event: FollowupRecorded, _around: Around) -> None:
    """Cancel the reminders of an act that is done."""
    cancel(session, DueKind.FOLLOWUP, event.subject_id)


def remind_referent(session: Session, item: DueItem, around: Around) -> None:
    """Mail the referent about an act that is still to do; of several late reminders, only the last is sent."""
    row = queries.get(session, item.subject_id)
    if row.state == FollowupState.DONE or due_again(session, item, around.now):
        return
    convention = session.get_one(Convention, row.convention_id)
    uai = tenants.get(session, current_tenant(session)).uai
    for party in parties(convention, Role.REFERENT):
        url = sign_in_url(
            session, party.account_id, f"/enseignant/{uai}/conventions/{convention.id}#suivi", around
        )
        mail.send(
            session,
            _MAILS[FollowupKind(row.kind)],
            (party.name, party.email),
            subject_id=row.id,
            occurrence=item.occurrence,
            student=convention.student_name,
            host=convention.host_name,
            start=dates.written(row.starts_on),
            end=dates.written(row.ends_on),
            due=dates.written(row.due_on),
            url=url,
        )


def remind_renewal(session: Session, item: DueItem, around: Around) -> None:
    """Mail the DDFPT and the office, or the school's own address, that a document lapses."""
    convention = session.get_one(Convention, item.subject_id)
    school = tenants.get(session, current_tenant(session))
    until = date.fromisoformat(item.payload["until"])
    assert convention.ends_on is not None  # it was sent
    for name, email in office(session):
        mail.send(
            session,
            MailKind.RENEWAL,
            (name, email),
            subject_id=convention.id,
            occurrence=item.occurrence,
            what=item.payload["what"],
            until=dates.written(until),
            student=convention.student_name,
            host=convention.host_name,
            end=dates.written(convention.ends_on),
            url=f"{around.base_url}/ecole/{school.uai}/conventions/{convention.id}",
        )
