"""The last day of a placement: the attestation and the pupil's evaluation are asked for then, wherever that day moves."""

from sqlalchemy.orm import Session

from pfmp_saas.attestations import use_cases as attestations
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions.models import Convention
from pfmp_saas.deadlines.use_cases import cancel, schedule
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.workflows import copies
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.times import AFTERNOON, MORNING, local

ATTESTATION, EVALUATION = "attestation", "evaluation"
ATTESTATION_DAYS = (0, 1, 3, 7)


def expected(session: Session, convention: Convention) -> None:
    """Await the attestation and the evaluation of a convention that was just signed."""
    _ask(session, convention, attestations.expect(session, convention))


def moved(session: Session, convention: Convention) -> None:
    """Ask for both on the last day that an amendment gives; an attestation that was prepared stays as it is."""
    row = attestations.move_to(session, convention)
    if row is not None:
        cancel(session, ATTESTATION, row.id)
        cancel(session, EVALUATION, convention.id)
        _ask(session, convention, row)


def _ask(session: Session, convention: Convention, row: Attestation) -> None:
    """Schedule what asks for them. An occurrence names its last day: each day that was given has its own."""
    last = row.due_on.isoformat()
    for days in ATTESTATION_DAYS:
        due = local(session, row.due_on, MORNING, days)
        schedule(session, ATTESTATION, row.id, f"{last}+{days}", due_at=due, again=True)
    due = local(session, row.due_on, AFTERNOON, 0)
    schedule(session, EVALUATION, convention.id, last, due_at=due, again=True)


def complete(session: Session, request: SignatureRequest, around: Around) -> None:
    """The host has signed the attestation: nothing is left to ask, each party receives it."""
    row = attestations.complete(session, request.subject_id, around.now)
    cancel(session, ATTESTATION, row.id)
    copies.ask(session, request, around)
