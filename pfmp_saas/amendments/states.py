"""States and natures of an amendment, and the only moves between its states."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class AmendmentState(StrEnum):
    """From draft to signed; the convention changes at that moment only."""

    DRAFT = "draft"
    SENT = "sent"
    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Nature(StrEnum):
    """What an amendment does."""

    POSTPONEMENT = "postponement"
    SUSPENSION = "suspension"
    EARLY_END = "early-end"
    CHANGE = "change"


class Outcome(StrEnum):
    """What becomes of a period that is not done in full (L124-15): both outcomes of the law can be recorded."""

    ALTERNATIVE = "alternative"
    VALIDATED = "validated"


LABELS: dict[str, str] = {
    AmendmentState.DRAFT: "brouillon",
    AmendmentState.SENT: "en signature",
    AmendmentState.SIGNED: "signé",
    AmendmentState.REFUSED: "refusé",
    AmendmentState.WITHDRAWN: "retiré",
}

NATURES: dict[str, str] = {
    Nature.POSTPONEMENT: "Report de tout ou partie de la période",
    Nature.SUSPENSION: "Suspension de la période",
    Nature.EARLY_END: "Fin anticipée de la période",
    Nature.CHANGE: "Autre modification (horaires, tuteur, activités…)",
}

OUTCOMES: dict[str, str] = {
    "": "Sans objet, ou à décider plus tard",
    Outcome.ALTERNATIVE: "L’établissement propose une autre manière de valider la formation",
    Outcome.VALIDATED: "La période est validée, même si elle n’atteint pas la durée prévue",
}


def _refusal(state: str) -> str:
    return f"Cet avenant est « {LABELS.get(state, state)} » : l’action demandée n’est plus possible."


MOVES = Moves(
    {
        (AmendmentState.DRAFT, "send"): AmendmentState.SENT,
        (AmendmentState.SENT, "complete"): AmendmentState.SIGNED,
        (AmendmentState.SENT, "refuse"): AmendmentState.REFUSED,
        (AmendmentState.SENT, "withdraw"): AmendmentState.WITHDRAWN,
    },
    _refusal,
)
