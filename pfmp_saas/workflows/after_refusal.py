"""After a refusal: the document moves in the same transaction, and the school is mailed the reason."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pfmp_saas.accounts import queries as people
from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.attestations import use_cases as attestation_use_cases
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.core import mail
from pfmp_saas.core.events import SigningEvent, SigningRefused
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.signing.links import asked_by
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.queries import first_of_each
from pfmp_saas.signing.states import SignerState
from pfmp_saas.workflows.context import Around

_REFUSED: Mapping[str, Callable[[Session, UUID], Any]] = {
    "convention": conventions.refuse,
    "attestation": attestation_use_cases.refuse,
    "amendment": amendments.refuse,
}
_TOLD = frozenset({SignerState.INVITED, SignerState.SIGNED})
_MAILS = {
    "convention": MailKind.CONVENTION_REFUSED,
    "attestation": MailKind.ATTESTATION_REFUSED,
    "amendment": MailKind.AMENDMENT_REFUSED,
}


def refuse(session: Session, event: SigningRefused) -> None:
    """Move the convention or the amendment to refused, or the attestation back to expected."""
    _REFUSED[event.kind](session, event.document_id)


def tell_signers(session: Session, event: SigningEvent, _around: Around) -> None:
    """Mail everyone else who was invited or has signed that the signing has stopped, and by whom; never the reason."""
    request = session.get_one(SignatureRequest, event.subject_id)
    refused = next((signer for signer in request.signers if signer.state == SignerState.REFUSED), None)
    told = [each for each in request.signers if each.email and each.state in _TOLD]
    for signer in first_of_each(told):
        mail.send(
            session,
            MailKind.SIGNING_STOPPED,
            (signer.name, signer.email),
            subject_id=signer.id,
            occurrence=request.state,
            **asked_by(session),
            title=request.title,
            who=f"{refused.name} ({refused.capacity})" if refused else "",
            signed=signer.state == SignerState.SIGNED,
        )


def tell_school(session: Session, event: SigningRefused, _around: Around) -> None:
    """Mail the school the name of the signer, the document and the reason."""
    request = session.get_one(SignatureRequest, event.subject_id)
    signer = next(signer for signer in request.signers if signer.refusal_reason)
    mail.send(
        session,
        _MAILS[event.kind],
        ("", people.contact(session)),
        subject_id=request.id,
        occurrence="1",
        signer=signer.name,
        capacity=signer.capacity,
        title=request.title,
        reason=signer.refusal_reason,
    )
