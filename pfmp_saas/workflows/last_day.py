"""The last day of a placement: the attestation and the pupil's evaluation are asked for then, wherever that day moves."""

import uuid

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries as amendments
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attestation_use_cases
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.events import AmendmentSigned, AttestationSigned, ConventionSigned
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.moves import locked
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import cancel, schedule
from pfmp_saas.signing.links import check_due_again
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.people import parties, sign_in_url
from pfmp_saas.workflows.times import AFTERNOON, MORNING, local

ATTESTATION_DAYS = (0, 1, 3, 7)
"""Days after the last one on which the host is asked again."""


def expect(session: Session, event: ConventionSigned, _around: Around) -> None:
    """Create the attestation of a signed convention, and schedule its request and the evaluation's for the last day."""
    convention = session.get_one(Convention, event.subject_id)
    _plan(session, convention, attestation_use_cases.expect(session, convention))


def follow_amendment(session: Session, event: AmendmentSigned, _around: Around) -> None:
    """Move both requests to the amended last day; an attestation that was prepared stays as it is."""
    convention = session.get_one(Convention, amendments.get(session, event.subject_id).convention_id)
    row = attestation_use_cases.move_to(session, convention)
    if row is not None:
        cancel(session, DueKind.ATTESTATION, row.id)
        cancel(session, DueKind.EVALUATION, convention.id)
        _plan(session, convention, row)


def stop_asking(session: Session, event: AttestationSigned, _around: Around) -> None:
    """Cancel the requests for an attestation that is signed."""
    cancel(session, DueKind.ATTESTATION, event.subject_id)


def _plan(session: Session, convention: Convention, row: Attestation) -> None:
    """Schedule both requests; an occurrence names the last day, so that each last day in turn has its own."""
    last = row.due_on.isoformat()
    for days in ATTESTATION_DAYS:
        due = local(session, row.due_on, MORNING, days)
        schedule(session, DueKind.ATTESTATION, row.id, f"{last}+{days}", due_at=due, again=True)
    due = local(session, row.due_on, AFTERNOON, 0)
    schedule(session, DueKind.EVALUATION, convention.id, last, due_at=due, again=True)


def ask_attestation(session: Session, item: DueItem, around: Around) -> None:
    """Mail the host that its attestation is to prepare and sign, until it has signed."""
    row = session.get_one(Attestation, item.subject_id)
    if row.state != AttestationState.SIGNED:  # the event that cancels the mail may come late
        _write_attestation(session, row, item.occurrence, around)


def ask_attestation_now(session: Session, convention: Convention, around: Around) -> None:
    """Mail the host about its attestation now, at the school's request: once a day. Raises NotFound, RemindedToday."""
    found = attestations.of_convention(session, convention.id)
    if found is None:
        raise NotFound
    row = locked(session, Attestation, found.id)
    check_due_again(row.reminded_at, around.now)
    row.reminded_at = around.now
    _write_attestation(session, row, uuid.uuid4().hex, around)


def _write_attestation(session: Session, row: Attestation, occurrence: str, around: Around) -> None:
    convention = session.get_one(Convention, row.convention_id)
    uai = tenants.get(session, current_tenant(session)).uai
    for party in parties(convention, "host_representative"):
        mail.send(
            session,
            MailKind.ATTESTATION,
            (party.name, party.email),
            subject_id=row.id,
            occurrence=occurrence,
            student=convention.student_name,
            url=sign_in_url(session, party.account_id, f"/entreprise/{uai}/attestations/{row.id}", around),
        )


def ask_evaluation(session: Session, item: DueItem, around: Around) -> None:
    """Mail the pupil the link to the evaluation of the placement."""
    convention = session.get_one(Convention, item.subject_id)
    uai = tenants.get(session, current_tenant(session)).uai
    for party in parties(convention, "student"):
        mail.send(
            session,
            MailKind.EVALUATION,
            (party.name, party.email),
            subject_id=item.subject_id,
            occurrence=item.occurrence,
            url=sign_in_url(session, party.account_id, f"/famille/{uai}/evaluations/{convention.id}", around),
        )
