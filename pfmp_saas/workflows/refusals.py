"""A refusal reaches the school, with its reason, whatever was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.attestations import use_cases as attestations
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.core import mail
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.deadlines.use_cases import cancel
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows import texts
from pfmp_saas.workflows.context import Around

_REFUSED: Mapping[str, tuple[Callable[..., Any], str]] = {
    "convention": (conventions.refuse, texts.REFUSED),
    "attestation": (attestations.refuse, texts.REFUSED_ATTESTATION),
    "amendment": (amendments.refuse, texts.REFUSED_AMENDMENT),
}
"""What follows a refusal, by what was refused: the move, and the words of the mail."""


def refused(session: Session, row: OutboxEvent, _around: Around) -> None:
    """Move what was refused, and write to the school."""
    request = session.get_one(SignatureRequest, row.subject_id)
    cancel(session, "unsigned-convention", request.id)
    follow, text = _REFUSED[request.subject_kind]
    follow(session, request.subject_id)
    signer = next(signer for signer in request.signers if signer.refusal_reason)
    body = text.format(
        signer=signer.name, capacity=signer.capacity, title=request.title, reason=signer.refusal_reason
    )
    kept = tenants.settings(session)
    to = ("", kept.email or kept.head_email)
    title, kind = f"Refus de signer : {request.title}", f"{request.subject_kind}-refused"
    mail.write(session, kind, request.id, occurrence="1", to=to, title=title, body=body)
