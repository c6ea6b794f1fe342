"""Difficulties: head and DDFPT are told at once, the referent where it is theirs to read; daily reminders once late."""

from datetime import datetime

from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import dates, mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import DifficultySettled, DifficultyTold, EvaluationAlarmed
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.roles import Role
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import cancel, due_again, schedule
from pfmp_saas.difficulties import queries
from pfmp_saas.difficulties.models import Difficulty
from pfmp_saas.difficulties.states import ALARMS, LABELS, DifficultyKind, DifficultyState
from pfmp_saas.difficulties.use_cases import tell
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.law.clocks import next_morning
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.people import in_charge, parties, sign_in_url
from pfmp_saas.workflows.times import zone

_WORDS = "Une réponse du questionnaire de l’élève sur l’accueil le signale."


def take_alarm(session: Session, event: EvaluationAlarmed) -> None:
    """Open a difficulty for a questionnaire's answer that says that safety or respect failed."""
    row = session.get_one(Evaluation, event.subject_id)
    kind = DifficultyKind(event.kind)
    tell(
        session,
        row.convention_id,
        kind,
        _WORDS,
        told_as=queries.EVALUATION,
        told_by=row.student_account_id,
        now=event.at,
    )


def tell_and_plan(session: Session, event: DifficultyTold, around: Around) -> None:
    """Write to head and DDFPT at once, to the referent where it is theirs to read, and plan the reminder."""
    row = queries.get(session, event.subject_id)
    if row.state != DifficultyState.OPEN:
        return
    _write(session, row, "told", around)
    if queries.for_referent(row):
        _write_referent(session, row, around)
    _plan(session, row, max(row.due_at, around.now))


def stop_reminders(session: Session, event: DifficultySettled, _around: Around) -> None:
    """Cancel the reminders of a difficulty that is settled."""
    cancel(session, DueKind.DIFFICULTY, event.subject_id)


def remind(session: Session, item: DueItem, around: Around) -> None:
    """Remind head and DDFPT of a difficulty that nobody answered; of several late reminders, only the last is sent."""
    row = queries.get(session, item.subject_id)
    if row.state != DifficultyState.OPEN or due_again(session, item, around.now):
        return
    _write(session, row, item.occurrence, around)
    _plan(session, row, next_morning(around.now, zone(session)))


def _plan(session: Session, row: Difficulty, instant: datetime) -> None:
    schedule(session, DueKind.DIFFICULTY, row.id, instant.isoformat(), due_at=instant, deadline=row.due_at)


def _write(session: Session, row: Difficulty, occurrence: str, around: Around) -> None:
    school = tenants.get(session, current_tenant(session))
    url = f"{around.base_url}/ecole/{school.uai}/signalements/{row.id}"
    for to in in_charge(session):
        _send(session, row, to, occurrence, url, late=occurrence != "told")


def _write_referent(session: Session, row: Difficulty, around: Around) -> None:
    convention = session.get_one(Convention, row.convention_id)
    uai = tenants.get(session, current_tenant(session)).uai
    for party in parties(convention, Role.REFERENT):
        path = f"/enseignant/{uai}/conventions/{convention.id}#signalements"
        url = sign_in_url(session, party.account_id, path, around)
        _send(session, row, (party.name, party.email), "told", url, late=False)


def _send(
    session: Session, row: Difficulty, to: tuple[str, str], occurrence: str, url: str, *, late: bool
) -> None:
    convention = session.get_one(Convention, row.convention_id)
    due = row.due_at.astimezone(zone(session))
    mail.send(
        session,
        MailKind.DIFFICULTY,
        to,
        subject_id=row.id,
        occurrence=occurrence,
        student=convention.student_name,
        host=convention.host_name,
        matter=LABELS[row.kind],
        alarm=row.kind in ALARMS,
        late=late,
        due=f"{dates.written(due)} à {due:%H:%M}",
        url=url,
    )
