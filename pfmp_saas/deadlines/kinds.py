"""What can fall due: each kind is done by one function, named in `workflows.flow`."""

from enum import StrEnum


class DueKind(StrEnum):
    """A kind of due thing; what its subject is stands beside it."""

    UNSIGNED = "unsigned"  # a signature request: remind those who have not answered
    SEAL = "seal"  # a signer: put a recorded signature into the document, with an authority's time
    CARRY = "carry"  # a signer: carry over the signature given on an earlier version, unopposed
    CLOSE = "close"  # a signature request: close a document that all have signed, with an authority's time
    SIGN = "sign"  # an item of a batch: sign one of the documents that somebody chose together
    SEND = "send"  # an item of a sending: send one of the conventions that somebody sent together
    COPIES = "copies"  # a signature request: send its signed document to every party
    ATTESTATION = "attestation"  # an attestation: ask the host for it
    EVALUATION = "evaluation"  # a convention: ask the pupil what the placement was like
    ACCIDENT = "accident"  # an accident: remind of its declaration
    FOLLOWUP = "followup"  # a followup: remind the referent of a contact or a visit
    RENEWAL = "renewal"  # a convention: warn that what makes regulated works lawful lapses
    DIFFICULTY = "difficulty"  # a difficulty: remind head and DDFPT to answer it
    FORGET = "forget"  # an import of school files: forget them, or what could be taken back
    RETENTION = "retention"  # a signature request: erase what is no longer kept
