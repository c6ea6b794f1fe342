"""Comparison of the attestations' figures, which drive the State allowance, with the evidence of their signature."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.attestations.models import Attestation
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.attestations.use_cases import SHOWN, figures_digest
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.signing.frozen import french, frozen_differences, frozen_payload, orphans
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.states import RequestState


def figure_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each attestation whose figures or state are not those signed; erased ones are skipped."""
    statement = select(Attestation, SignatureRequest).outerjoin(
        SignatureRequest, SignatureRequest.id == Attestation.request_id
    )
    for row, request in session.execute(statement.where(Attestation.state != AttestationState.EXPECTED)):
        subject = f"attestation:{row.id}"
        if request is None or (row.state == AttestationState.SIGNED) != (
            request.state == RequestState.COMPLETE
        ):
            message = f"l’attestation est dite « {row.state} », et son document ne le dit pas"
            yield Fault(uai, subject, 0, "attestation-state", message)
        elif not request.erased_at and figures_digest(row) != frozen_payload(session, request).get("figures"):
            message = (
                "les jours, le montant ou la commune de l’attestation ne sont pas ceux qui ont été signés"
            )
            yield Fault(uai, subject, 0, "attestation-figures", message)
        else:
            yield from (
                Fault(uai, subject, 0, "attestation-row", why) for why in _differences(session, row, request)
            )
    yield from orphans(session, uai, "attestation", Attestation)


def _differences(session: Session, row: Attestation, request: SignatureRequest) -> Iterator[str]:
    if request.evidence_subject != f"attestation:{row.id}":
        yield "la colonne request_id désigne le document d’une autre ligne"
    if row.signed_at != (request.closed_at if row.state == AttestationState.SIGNED else None):
        yield "la colonne signed_at n’est pas l’instant de la signature"
    if not request.erased_at:
        shown = {name: getattr(row, name) for name in SHOWN}
        yield from (french(name) for name in frozen_differences(session, request, shown))
