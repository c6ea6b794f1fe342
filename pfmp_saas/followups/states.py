"""States of a follow-up act and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.errors import Conflict


class FollowupKind(StrEnum):
    """The first contact with the pupil and the tutor; the meeting of the three during the placement."""

    CONTACT = "contact"
    VISIT = "visit"


class FollowupState(StrEnum):
    """Expected from the signature of the convention on, then done."""

    EXPECTED = "expected"
    DONE = "done"


LABELS: dict[str, str] = {
    FollowupKind.CONTACT: "Premier contact avec l’élève et le tuteur",
    FollowupKind.VISIT: "Visite : rencontre de l’élève et du tuteur",
}

MOVES: dict[tuple[str, str], FollowupState] = {(FollowupState.EXPECTED, "record"): FollowupState.DONE}


def move(state: str, action: str) -> FollowupState:
    """Return the state after ``action``. Raises Conflict when the move does not exist."""
    try:
        return MOVES[state, action]
    except KeyError:
        raise Conflict("Cet acte de suivi est déjà noté.") from None
