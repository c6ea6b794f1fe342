"""What a step of a search for a placement may be."""

from enum import StrEnum


class StepKind(StrEnum):
    """What the pupil did or was told; a request for help; what the school offered."""

    CALLED = "called"
    WROTE = "wrote"
    VISITED = "visited"
    APPOINTMENT = "appointment"
    REFUSED = "refused"
    FOUND = "found"
    ASKED = "asked"
    OFFERED = "offered"


TRIED: dict[str, str] = {
    StepKind.CALLED: "J’ai téléphoné",
    StepKind.WROTE: "J’ai écrit ou envoyé mon CV",
    StepKind.VISITED: "J’y suis allé(e)",
    StepKind.APPOINTMENT: "J’ai un rendez-vous",
    StepKind.REFUSED: "On m’a répondu non",
}
"""What a pupil notes of one firm, in the words of the form."""
LABELS: dict[str, str] = {
    StepKind.CALLED: "appel",
    StepKind.WROTE: "courrier ou CV",
    StepKind.VISITED: "passage sur place",
    StepKind.APPOINTMENT: "rendez-vous",
    StepKind.REFUSED: "refus",
    StepKind.FOUND: "accord de l’organisme",
    StepKind.ASKED: "aide demandée à l’établissement",
    StepKind.OFFERED: "proposition de l’établissement",
}
"""How a step is called in a list."""
