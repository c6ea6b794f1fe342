"""States of a request and of a signer, and the only moves between them."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


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
    """How a signer signed: through the ceremony, on paper, or on the version before, from which the signature is carried over."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    CARRIED = "carried"


class BatchItemState(StrEnum):
    """A document that somebody chose to sign with others: it waits for the worker, then is signed or left out."""

    WAITING = "waiting"
    SIGNED = "signed"
    SKIPPED = "skipped"


class RemarkKind(StrEnum):
    """What a signer may say instead of signing, or before."""

    CORRECTION = "correction"
    SPELLING = "orthographe"
    NOT_ME = "pas-moi"
    NO_LONGER = "plus-moi"
    OBJECTION = "opposition"


REMARKS: dict[str, str] = {
    RemarkKind.CORRECTION: "Demande de correction",
    RemarkKind.SPELLING: "Nom mal écrit",
    RemarkKind.NOT_ME: "Ce n’est pas la bonne personne",
    RemarkKind.NO_LONGER: "N’occupe plus cette fonction",
    RemarkKind.OBJECTION: "S’oppose au report de sa signature",
}
"""What the office reads of each kind."""
STOPPING = frozenset({RemarkKind.NOT_ME, RemarkKind.NO_LONGER})
"""What keeps the link from signing until the school has answered, or the person has taken it back."""


class RemarkState(StrEnum):
    """A remark awaits the school, then is settled, or taken back by who made it."""

    OPEN = "open"
    SETTLED = "settled"
    TAKEN_BACK = "taken-back"


def _remark_refusal(_state: str) -> str:
    return "Cette demande est déjà traitée."


def _request_refusal(_state: str) -> str:
    return "Ce document n’est plus ouvert à la signature."


def _signer_refusal(state: str) -> str:
    return NOT_YET if state == SignerState.WAITING else "Vous avez déjà répondu à cette demande de signature."


def _item_refusal(_state: str) -> str:
    return "Ce document a déjà été traité."


REQUEST_MOVES = Moves(
    {
        (RequestState.OPEN, "complete"): RequestState.COMPLETE,
        (RequestState.OPEN, "refuse"): RequestState.REFUSED,
        (RequestState.OPEN, "withdraw"): RequestState.WITHDRAWN,
    },
    _request_refusal,
)
SIGNER_MOVES = Moves(
    {
        (SignerState.WAITING, "call"): SignerState.INVITED,
        (SignerState.INVITED, "sign"): SignerState.SIGNED,
        (SignerState.INVITED, "sign-on-paper"): SignerState.SIGNED,
        (SignerState.INVITED, "refuse"): SignerState.REFUSED,
        (SignerState.INVITED, "carry"): SignerState.SIGNED,
        (SignerState.INVITED, "object"): SignerState.INVITED,
        (SignerState.INVITED, "readdress"): SignerState.INVITED,
        (SignerState.WAITING, "readdress"): SignerState.WAITING,
    },
    _signer_refusal,
)
REMARK_MOVES = Moves(
    {
        (RemarkState.OPEN, "settle"): RemarkState.SETTLED,
        (RemarkState.OPEN, "take-back"): RemarkState.TAKEN_BACK,
    },
    _remark_refusal,
)
BATCH_ITEM_MOVES = Moves(
    {
        (BatchItemState.WAITING, "sign"): BatchItemState.SIGNED,
        (BatchItemState.WAITING, "skip"): BatchItemState.SKIPPED,
    },
    _item_refusal,
)
