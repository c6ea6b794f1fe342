"""Rules between sibling domains: an attested placement is not amended, nor one in amendment attested."""

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries as amendments
from pfmp_saas.amendments.errors import InSignature
from pfmp_saas.amendments.states import AmendmentState
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations.errors import AlreadyAttested
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.moves import locked


def check_amendable(session: Session, convention: Convention) -> None:
    """Raise Conflict when the host has already attested what was done: nothing is left to amend.

    The convention is locked: no attestation is prepared between this check and the amendment's departure.
    """
    locked(session, Convention, convention.id)
    attestation = attestations.of_convention(session, convention.id)
    if attestation is not None and attestation.state != AttestationState.EXPECTED:
        raise AlreadyAttested


def check_attestable(session: Session, convention: Convention) -> None:
    """Raise Conflict while an amendment is in signature: what is attested must be what was agreed.

    The convention is locked: no amendment leaves between this check and the attestation's preparation.
    """
    locked(session, Convention, convention.id)
    rows = amendments.of_convention(session, convention.id)
    if any(row.state == AmendmentState.SENT for row in rows):
        raise InSignature
