"""States of an attestation and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class AttestationState(StrEnum):
    """Expected from the signature of the convention on, then sent to the host, then signed; refused, it is awaited again."""

    EXPECTED = "expected"
    SENT = "sent"
    SIGNED = "signed"


def _refusal(_state: str) -> str:
    return "Cette attestation est déjà signée ou en cours de signature."


MOVES = Moves(
    {
        (AttestationState.EXPECTED, "send"): AttestationState.SENT,
        (AttestationState.SENT, "complete"): AttestationState.SIGNED,
        (AttestationState.SENT, "refuse"): AttestationState.EXPECTED,
    },
    _refusal,
)
