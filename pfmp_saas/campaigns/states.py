"""States of one convention among those that were sent together."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class SendingState(StrEnum):
    """Waiting for the worker, sent, or left where it was."""

    WAITING = "waiting"
    SENT = "sent"
    LEFT = "left"


def _refusal(_state: str) -> str:
    return "Le service a déjà répondu pour cette convention."


SENDING_MOVES = Moves(
    {
        (SendingState.WAITING, "send"): SendingState.SENT,
        (SendingState.WAITING, "leave"): SendingState.LEFT,
    },
    _refusal,
)
