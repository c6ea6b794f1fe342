"""States of an accident file and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class AccidentState(StrEnum):
    """Recorded, then declared by whoever must; withdrawn where it was recorded by mistake, corrected by another entry."""

    RECORDED = "recorded"
    DECLARED = "declared"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"


LIVE = (AccidentState.RECORDED, AccidentState.DECLARED)
"""What is neither withdrawn nor corrected by another entry."""


def _refusal(state: str) -> str:
    if state == AccidentState.DECLARED:
        return "Cet accident est déjà déclaré."
    return "Cette inscription a été retirée ou corrigée : elle reste lisible et ne change plus."


MOVES = Moves(
    {
        (AccidentState.RECORDED, "declare"): AccidentState.DECLARED,
        **{(state, "withdraw"): AccidentState.WITHDRAWN for state in LIVE},
        **{(state, "correct"): AccidentState.CORRECTED for state in LIVE},
        (AccidentState.DECLARED, "copy"): AccidentState.DECLARED,
    },
    _refusal,
)
