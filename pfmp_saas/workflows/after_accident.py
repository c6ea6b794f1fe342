"""Accidents: tell the declarant and the school at once, remind before the legal deadline, stop once declared."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import AccidentState
from pfmp_saas.accounts import queries as accounts
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import dates, mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import AccidentDeclared, AccidentRecorded
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import cancel, schedule
from pfmp_saas.law.clocks import reminder_instants
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.people import parties, sign_in_url

BEFORE = (timedelta(hours=24), timedelta(hours=6), timedelta(hours=2))


def notify_and_plan(session: Session, event: AccidentRecorded, around: Around) -> None:
    """Write to the host and the school now, and plan the reminders before the legal deadline."""
    accident = session.get_one(Accident, event.subject_id)
    if accident.state == AccidentState.DECLARED:  # the events came late, and in the other order
        return
    _notify(session, accident, "recorded", around)
    for instant in reminder_instants(around.now, accident.deadline, BEFORE):
        occurrence = instant.isoformat()
        schedule(
            session, DueKind.ACCIDENT, accident.id, occurrence, due_at=instant, deadline=accident.deadline
        )


def stop_reminders(session: Session, event: AccidentDeclared, _around: Around) -> None:
    """Cancel the reminders of an accident that was declared."""
    cancel(session, DueKind.ACCIDENT, event.subject_id)


def remind(session: Session, item: DueItem, around: Around) -> None:
    """Remind the host and the school of an accident that is still to declare."""
    accident = session.get_one(Accident, item.subject_id)
    if accident.state != AccidentState.DECLARED:
        _notify(session, accident, item.occurrence, around)


def _notify(session: Session, accident: Accident, occurrence: str, around: Around) -> None:
    """Write to the host's representative and to the school: who declares, to whom, by when."""
    convention = session.get_one(Convention, accident.convention_id)
    school = tenants.get(session, current_tenant(session))
    page = f"/{school.uai}/conventions/{convention.id}#accidents"
    people = [
        (party.name, party.email, sign_in_url(session, party.account_id, f"/entreprise{page}", around))
        for party in parties(convention, "host_representative")
    ]
    people.append((school.name, accounts.contact(session), f"{around.base_url}/ecole{page}"))
    for name, email, url in people:
        mail.send(
            session,
            MailKind.ACCIDENT,
            (name, email),
            subject_id=accident.id,
            occurrence=occurrence,
            student=convention.student_name,
            declarant=accident.declarant,
            recipient=accident.recipient,
            deadline=_local(accident),
            url=url,
        )


def _local(accident: Accident) -> str:
    local = accident.deadline.astimezone(ZoneInfo(accident.timezone))
    return f"{dates.written(local)} à {local:%H:%M}"
