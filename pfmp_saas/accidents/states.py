"""States of an accident file and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.errors import Conflict


class AccidentState(StrEnum):
    """Recorded, then declared by whoever must."""

    RECORDED = "recorded"
    DECLARED = "declared"


MOVES: dict[tuple[str, str], AccidentState] = {(AccidentState.RECORDED, "declare"): AccidentState.DECLARED}


def move(state: str, action: str) -> AccidentState:
    """Return the state after ``action``. Raises Conflict when the move does not exist."""
    try:
        return MOVES[state, action]
    except KeyError:
        raise Conflict("Cet accident est déjà déclaré.") from None
