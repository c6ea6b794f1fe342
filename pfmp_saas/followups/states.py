"""States of a follow-up act and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


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


def _refusal(_state: str) -> str:
    return "Cet acte de suivi est déjà noté."


MOVES = Moves({(FollowupState.EXPECTED, "record"): FollowupState.DONE}, _refusal)
