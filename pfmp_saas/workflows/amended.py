"""An amendment that all have signed: the convention takes its new state, and what was due moves with it."""

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.amendments.states import AmendmentState
from pfmp_saas.attestations import use_cases as attestations
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.conventions import amended
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import Conflict
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.workflows import attested, copies, followups
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.times import zone

IN_SIGNATURE = "Un avenant de cette convention est en signature : l’attestation se signe quand il est signé, refusé ou retiré."
ATTESTED = "L’attestation de cette période est déjà préparée ou signée : un avenant ne peut plus la changer."


def check_amendable(session: Session, convention: Convention) -> None:
    """Raise Conflict when the host has already attested what was done: nothing is left to amend."""
    found = attestations.of_convention(session, convention.id)
    if found is not None and found.state != AttestationState.EXPECTED:
        raise Conflict(ATTESTED)


def check_attestable(session: Session, convention: Convention) -> None:
    """Raise Conflict while an amendment is in signature: what is attested must be what was agreed."""
    rows = queries.of_convention(session, convention.id)
    if any(row.state == AmendmentState.SENT for row in rows):
        raise Conflict(IN_SIGNATURE)


def complete(session: Session, request: SignatureRequest, around: Around) -> None:
    """All have signed."""
    amendments.complete(session, request.subject_id, around.now)


def signed(session: Session, row: OutboxEvent, around: Around) -> None:
    """Change the convention, move what was due, send each party its copy."""
    amendment = queries.get(session, row.subject_id)
    today = around.now.astimezone(zone(session)).date()
    convention = amended.take(session, amendment.convention_id, amendment.data, today)
    attested.moved(session, convention)
    followups.amended(session, convention, around)
    copies.ask(session, session.get_one(SignatureRequest, amendment.request_id), around)
