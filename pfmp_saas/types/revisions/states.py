"""States of a revision and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class RevisionState(StrEnum):
    """A draft is edited; once adopted by the board it never changes; a later one retires it."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    RETIRED = "retired"


LABELS: dict[str, str] = {
    RevisionState.DRAFT: "brouillon",
    RevisionState.ADOPTED: "adoptée",
    RevisionState.RETIRED: "retirée",
}


def _refusal(state: str) -> str:
    return f"Cette version est « {LABELS.get(state, state)} » : l’action demandée n’est plus possible."


MOVES = Moves(
    {
        (RevisionState.DRAFT, "adopt"): RevisionState.ADOPTED,
        (RevisionState.ADOPTED, "retire"): RevisionState.RETIRED,
    },
    _refusal,
)
