"""States of a revision and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.errors import Conflict


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
MOVES: dict[tuple[str, str], RevisionState] = {
    (RevisionState.DRAFT, "adopt"): RevisionState.ADOPTED,
    (RevisionState.ADOPTED, "retire"): RevisionState.RETIRED,
}


def move(state: str, action: str) -> RevisionState:
    """Return the state after ``action``. Raises Conflict when the move does not exist."""
    try:
        return MOVES[state, action]
    except KeyError:
        label = LABELS.get(state, state)
        raise Conflict(f"Cette version est « {label} » : l’action demandée n’est plus possible.") from None
