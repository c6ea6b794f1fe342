"""States of a convention and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class ConventionState(StrEnum):
    """From draft to signed; a draft may be thrown away; a refused or withdrawn convention is copied, never edited; at last it is no longer kept."""

    DRAFT = "draft"
    SENT = "sent"
    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    DISCARDED = "discarded"


LABELS: dict[str, str] = {
    ConventionState.DRAFT: "brouillon",
    ConventionState.SENT: "en signature",
    ConventionState.SIGNED: "signée",
    ConventionState.REFUSED: "refusée",
    ConventionState.WITHDRAWN: "retirée",
    ConventionState.ERASED: "effacée",
    ConventionState.DISCARDED: "supprimée",
}


def _refusal(state: str) -> str:
    return f"Cette convention est « {LABELS.get(state, state)} » : l’action demandée n’est plus possible."


MOVES = Moves(
    {
        (ConventionState.DRAFT, "send"): ConventionState.SENT,
        (ConventionState.DRAFT, "discard"): ConventionState.DISCARDED,
        (ConventionState.SENT, "complete"): ConventionState.SIGNED,
        (ConventionState.SENT, "refuse"): ConventionState.REFUSED,
        (ConventionState.SENT, "replace"): ConventionState.SENT,
        (ConventionState.SENT, "withdraw"): ConventionState.WITHDRAWN,
        (ConventionState.SIGNED, "amend"): ConventionState.SIGNED,
        **dict.fromkeys(
            [
                (state, "erase")
                for state in (ConventionState.SIGNED, ConventionState.REFUSED, ConventionState.WITHDRAWN)
            ],
            ConventionState.ERASED,
        ),
    },
    _refusal,
)
