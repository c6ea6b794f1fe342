"""After a document is sent for signature: its signers are invited in turn and reminded until they answer."""

import uuid

from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.reuse import remember_host as remember
from pfmp_saas.core import mail
from pfmp_saas.core.events import ConventionSent, SignerCalled, SigningEvent, SigningOpened
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import cancel, schedule
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.links import asked_by, in_capacities, invite
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.states import RequestState, SignerState
from pfmp_saas.signing.use_cases import new_link
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.times import MORNING, local

REMIND_AFTER_DAYS = (3, 7, 14)
_REMINDERS = {
    "convention": MailKind.UNSIGNED_CONVENTION,
    "amendment": MailKind.UNSIGNED_AMENDMENT,
}
"""The mail that reminds of a document, by its kind; of an attestation, the last day's asking reminds."""


def plan_reminders(session: Session, event: SigningOpened, _around: Around) -> None:
    """Schedule three reminders to the signers; an attestation has those of its last day instead."""
    if event.kind not in _REMINDERS or not _open(session, event.subject_id):
        return
    for days in REMIND_AFTER_DAYS:
        due = local(session, event.at, MORNING, days)
        schedule(session, DueKind.UNSIGNED, event.subject_id, f"day-{days}", due_at=due)


def _open(session: Session, request_id: uuid.UUID) -> bool:
    """Return whether a document is still in signature: events may come late, and in another order."""
    return session.get_one(SignatureRequest, request_id).state == RequestState.OPEN


def stop_reminders(session: Session, event: SigningEvent, _around: Around) -> None:
    """Cancel the reminders of a document that is no longer open."""
    cancel(session, DueKind.UNSIGNED, event.subject_id)


def invite_next(session: Session, event: SignerCalled, around: Around) -> None:
    """Mail the signer whose turn has come."""
    signer = session.get_one(Signer, event.subject_id)
    awaited = signer.state == SignerState.INVITED and _open(session, signer.request_id)
    if signer.email and awaited:
        invite(session, signer, around.base_url, around.now)


def remember_host(session: Session, event: ConventionSent, _around: Around) -> None:
    """Store the convention's host, to prefill the school's next conventions there."""
    remember(session, session.get_one(Convention, event.subject_id))


def remind_signers(session: Session, item: DueItem, around: Around) -> None:
    """Mail a reminder to the signers of an open document who have an address and have not answered."""
    if not _open(session, item.subject_id):
        return
    request = session.get_one(SignatureRequest, item.subject_id)
    for signer in signing.first_of_each(signing.reachable(session, request)):
        _remind(session, item, request, signer, around)


def _remind(
    session: Session, item: DueItem, request: SignatureRequest, signer: Signer, around: Around
) -> None:
    mail.send(
        session,
        _REMINDERS[request.subject_kind],
        (signer.name, signer.email),
        subject_id=signer.id,
        occurrence=item.occurrence,
        capacity=in_capacities(signer),
        title=request.title,
        **asked_by(session),
        url=f"{around.base_url}/signer/{new_link(session, signer, around.now)}",
    )
