"""States of a request and of a signer, and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.errors import Conflict


class RequestState(StrEnum):
    """A request is open, then complete, refused by a signer, or withdrawn by the school."""

    OPEN = "open"
    COMPLETE = "complete"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SignerState(StrEnum):
    """A signer is invited, at once or when his or her turn comes, then has signed or refused."""

    WAITING = "waiting"
    INVITED = "invited"
    SIGNED = "signed"
    REFUSED = "refused"


NOT_YET = "Ce n’est pas encore votre tour de signer : un courriel vous préviendra."


class Manner(StrEnum):
    """How a signer signed: through the ceremony, or on paper."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


REQUEST_MOVES: dict[tuple[str, str], RequestState] = {
    (RequestState.OPEN, "complete"): RequestState.COMPLETE,
    (RequestState.OPEN, "refuse"): RequestState.REFUSED,
    (RequestState.OPEN, "withdraw"): RequestState.WITHDRAWN,
}

SIGNER_MOVES: dict[tuple[str, str], SignerState] = {
    (SignerState.WAITING, "call"): SignerState.INVITED,
    (SignerState.INVITED, "sign"): SignerState.SIGNED,
    (SignerState.INVITED, "sign-on-paper"): SignerState.SIGNED,
    (SignerState.INVITED, "refuse"): SignerState.REFUSED,
}


def move_request(state: str, action: str) -> RequestState:
    """Return the state after ``action``. Raises Conflict when the move does not exist."""
    try:
        return REQUEST_MOVES[state, action]
    except KeyError:
        raise Conflict("Ce document n’est plus ouvert à la signature.") from None


def move_signer(state: str, action: str) -> SignerState:
    """Return the signer's state after ``action``. Raises Conflict when the move does not exist."""
    try:
        return SIGNER_MOVES[state, action]
    except KeyError:
        if state == SignerState.WAITING:
            raise Conflict(NOT_YET) from None
        raise Conflict("Vous avez déjà répondu à cette demande de signature.") from None
