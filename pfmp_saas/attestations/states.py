"""States of an attestation and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.errors import Conflict


class AttestationState(StrEnum):
    """Expected from the signature of the convention on, then sent to the host, then signed; refused, it is awaited again."""

    EXPECTED = "expected"
    SENT = "sent"
    SIGNED = "signed"


MOVES: dict[tuple[str, str], AttestationState] = {
    (AttestationState.EXPECTED, "send"): AttestationState.SENT,
    (AttestationState.SENT, "complete"): AttestationState.SIGNED,
    (AttestationState.SENT, "refuse"): AttestationState.EXPECTED,
}


def move(state: str, action: str) -> AttestationState:
    """Return the state after ``action``. Raises Conflict when the move does not exist."""
    try:
        return MOVES[state, action]
    except KeyError:
        raise Conflict("Cette attestation est déjà signée ou en cours de signature.") from None
