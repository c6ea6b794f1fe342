"""States of an accident file and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class AccidentState(StrEnum):
    """Recorded, then declared by whoever must."""

    RECORDED = "recorded"
    DECLARED = "declared"


def _refusal(_state: str) -> str:
    return "Cet accident est déjà déclaré."


MOVES = Moves({(AccidentState.RECORDED, "declare"): AccidentState.DECLARED}, _refusal)
