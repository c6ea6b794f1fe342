"""Accidents: tell all whom it concerns at once, remind until it is declared, daily once the time has passed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import AccidentState
from pfmp_saas.conventions.models import Convention, ConventionParty
from pfmp_saas.core import dates, mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import AccidentDeclared, AccidentRecorded, AccidentWithdrawn
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.roles import Role
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import cancel, due_again, schedule
from pfmp_saas.law.clocks import accident_reminders, next_morning
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.people import head_and_office, parties, sign_in_url

_TOLD = {
    Role.TUTOR: "entreprise",
    Role.REFERENT: "enseignant",
    Role.STUDENT: "famille",
    Role.GUARDIAN: "famille",
}
"""Who is told beside the declarant's side, and in which space each reads of it."""


def notify_and_plan(session: Session, event: AccidentRecorded, around: Around) -> None:
    """Write at once to host, school, tutor, referent and family, and plan the reminders of the declaration."""
    accident = session.get_one(Accident, event.subject_id)
    if accident.state != AccidentState.RECORDED:  # the events came late, and in the other order
        return
    _tell(session, accident, _warn(session, accident, "recorded", around), around)
    for instant in accident_reminders(around.now, accident.deadline):
        _plan(session, accident, instant)
    _go_on(session, accident, around)


def stop_reminders(session: Session, event: AccidentDeclared | AccidentWithdrawn, _around: Around) -> None:
    """Cancel the reminders of an accident that was declared, withdrawn or corrected by another entry."""
    cancel(session, DueKind.ACCIDENT, event.subject_id)


def remind(session: Session, item: DueItem, around: Around) -> None:
    """Remind declarant, head and office of an accident still to declare; of several late reminders, only the last is sent."""
    accident = session.get_one(Accident, item.subject_id)
    if accident.state != AccidentState.RECORDED or due_again(session, item, around.now):
        return
    _warn(session, accident, item.occurrence, around)
    _go_on(session, accident, around)


def _plan(session: Session, accident: Accident, instant: datetime) -> None:
    schedule(
        session,
        DueKind.ACCIDENT,
        accident.id,
        instant.isoformat(),
        due_at=instant,
        deadline=accident.deadline,
    )


def _go_on(session: Session, accident: Accident, around: Around) -> None:
    """Plan the next day's reminder of an accident whose time has passed."""
    if around.now >= accident.deadline:
        _plan(session, accident, next_morning(around.now, ZoneInfo(accident.timezone)))


def _warn(session: Session, accident: Accident, occurrence: str, around: Around) -> set[str]:
    """Write to the declarant's side and to the school: who declares, to whom, by when; return the addresses."""
    convention = session.get_one(Convention, accident.convention_id)
    school = tenants.get(session, current_tenant(session))
    page = f"{around.base_url}/ecole/{school.uai}/conventions/{convention.id}#accidents"
    written = {email: (name, page) for name, email in head_and_office(session)}
    if occurrence == "recorded" or accident.declarant == "host":
        for party in parties(convention, Role.HOST_REPRESENTATIVE):
            written[party.email] = (party.name, _url(session, party, "entreprise", around))
    for email, (name, url) in written.items():
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
            late=around.now >= accident.deadline,
            url=url,
        )
    return set(written)


def _tell(session: Session, accident: Accident, written: set[str], around: Around) -> None:
    """Write once to tutor, referent, pupil and guardians that there was an accident, and who declares it."""
    convention = session.get_one(Convention, accident.convention_id)
    told = {
        party.email: (party, space)
        for role, space in _TOLD.items()
        for party in parties(convention, role)
        if party.email not in written
    }
    for email, (party, space) in told.items():
        mail.send(
            session,
            MailKind.ACCIDENT_TOLD,
            (party.name, email),
            subject_id=accident.id,
            occurrence="recorded",
            student=convention.student_name,
            host=convention.host_name,
            occurred=_local(accident, "occurred_at"),
            declarant=accident.declarant,
            recipient=accident.recipient,
            deadline=_local(accident),
            family=space == "famille",
            url=_url(session, party, space, around),
        )


def _url(session: Session, party: ConventionParty, space: str, around: Around) -> str:
    uai = tenants.get(session, current_tenant(session)).uai
    path = f"/{space}/{uai}/conventions/{party.convention_id}#accidents"
    return sign_in_url(session, party.account_id, path, around)


def _local(accident: Accident, column: str = "deadline") -> str:
    local = getattr(accident, column).astimezone(ZoneInfo(accident.timezone))
    return f"{dates.written(local)} à {local:%H:%M}"
