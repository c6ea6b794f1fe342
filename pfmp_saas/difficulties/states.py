"""Kinds and states of a difficulty, and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class DifficultyKind(StrEnum):
    """What is told (S-nat 16; S-agr 1, 3, 9)."""

    LATENESS = "lateness"
    ABSENCE = "absence"
    BEHAVIOUR = "behaviour"
    MISSIONS = "missions"
    SAFETY = "safety"
    RESPECT = "respect"
    HARASSMENT = "harassment"
    OTHER = "other"


ALARMS = (DifficultyKind.HARASSMENT, DifficultyKind.RESPECT, DifficultyKind.SAFETY)
"""What head and DDFPT answer within a day, the gravest first."""

LABELS: dict[str, str] = {
    DifficultyKind.LATENESS: "Retards",
    DifficultyKind.ABSENCE: "Absences",
    DifficultyKind.BEHAVIOUR: "Comportement",
    DifficultyKind.MISSIONS: "Activités qui ne sont pas celles de la convention",
    DifficultyKind.SAFETY: "Santé ou sécurité",
    DifficultyKind.RESPECT: "Manque de respect",
    DifficultyKind.HARASSMENT: "Harcèlement, discrimination ou violence",
    DifficultyKind.OTHER: "Autre difficulté",
}


class DifficultyState(StrEnum):
    """Open from the telling on, then settled by the measures taken."""

    OPEN = "open"
    SETTLED = "settled"


def _refusal(_state: str) -> str:
    return "Ce signalement est déjà traité."


MOVES = Moves({(DifficultyState.OPEN, "settle"): DifficultyState.SETTLED}, _refusal)
