"""Comparison of the data of conventions and amendments with the evidence of their signature."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.amendments.states import AmendmentState
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.signing.audit import frozen_payload
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.types.document import digest_of

_STATES = {"open": "sent", "complete": "signed", "refused": "refused", "withdrawn": "withdrawn"}
"""What a convention or an amendment is, by the state of its signature request."""


def data_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each convention or amendment whose data are not those last signed, or sent for signature."""
    for convention in session.scalars(select(Convention).where(_sent(Convention))):
        yield from _of_convention(session, uai, convention)
    for amendment in session.scalars(select(Amendment).where(_sent(Amendment))):
        yield from _of_amendment(session, uai, amendment)


def _sent(model: type[Convention] | type[Amendment]) -> ColumnElement[bool]:
    """Return the condition that a row was ever sent, even if its state was turned back to draft."""
    return (model.state != ConventionState.DRAFT) | model.request_id.is_not(None)


def _of_convention(session: Session, uai: str, row: Convention) -> Iterator[Fault]:
    request, subject = _request(session, row), f"convention:{row.id}"
    if row.state == ConventionState.ERASED:
        if request is None or not request.erased_at:
            message = "cette convention est dite effacée, et son document ne l’est pas"
            yield Fault(uai, subject, 0, "convention-erased", message)
        return
    if request is None or _STATES[request.state] != row.state:
        yield Fault(uai, subject, 0, "convention-state", f"la convention est dite « {row.state} » à tort")
        return
    signed = [
        amendment
        for amendment in queries.of_convention(session, row.id)
        if amendment.state == AmendmentState.SIGNED
    ]
    last = (_request(session, signed[-1]) if signed else None) or request
    if not last.erased_at and digest_of(row.data) != frozen_payload(session, last).get("data"):
        message = "les données de la convention ne sont pas celles que ses parties ont sous les yeux"
        yield Fault(uai, subject, 0, "convention-data", message)


def _of_amendment(session: Session, uai: str, row: Amendment) -> Iterator[Fault]:
    request, subject = _request(session, row), f"amendment:{row.id}"
    if request is None or _STATES[request.state] != row.state:
        yield Fault(uai, subject, 0, "amendment-state", f"l’avenant est dit « {row.state} » à tort")
    elif not request.erased_at:
        frozen = frozen_payload(session, request)
        if (digest_of(row.before), digest_of(row.data)) != (frozen.get("before"), frozen.get("data")):
            yield Fault(uai, subject, 0, "amendment-data", "l’avenant ne dit pas ce qui a été signé")


def _request(session: Session, row: Convention | Amendment) -> SignatureRequest | None:
    return session.get(SignatureRequest, row.request_id) if row.request_id else None
