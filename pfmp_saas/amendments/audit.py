"""Comparison of the data of conventions and amendments with the evidence of their signature."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.amendments.states import AmendmentState
from pfmp_saas.amendments.use_cases import KIND, shown
from pfmp_saas.conventions.audit import Version, date_differences, differences
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.signing.frozen import french, frozen_differences, frozen_payload, orphans
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.queries import zone
from pfmp_saas.types.document import digest_of

_STATES = {"open": "sent", "complete": "signed", "refused": "refused", "withdrawn": "withdrawn"}
"""What a convention or an amendment is, by the state of its signature request."""


def data_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each convention or amendment whose data are not those last signed, or sent for signature."""
    for convention in session.scalars(select(Convention).where(_sent(Convention))):
        yield from _of_convention(session, uai, convention)
    for amendment in session.scalars(select(Amendment).where(_sent(Amendment))):
        yield from _of_amendment(session, uai, amendment)
    yield from orphans(session, uai, "convention", Convention)
    yield from orphans(session, uai, KIND, Amendment)


def _sent(model: type[Convention] | type[Amendment]) -> ColumnElement[bool]:
    """Return the condition that a row was ever sent, even if its state was turned back to draft."""
    return (model.state != ConventionState.DRAFT) | model.request_id.is_not(None)


def _of_convention(session: Session, uai: str, row: Convention) -> Iterator[Fault]:
    request, subject = _request(session, row), f"convention:{row.id}"
    if row.state == ConventionState.ERASED:
        if request is None or not request.erased_at:
            message = "cette convention est dite effacée, et son document ne l’est pas"
            yield Fault(uai, subject, 0, "convention-erased", message)
        else:
            yield from (
                Fault(uai, subject, 0, "convention-row", why) for why in date_differences(row, request)
            )
        return
    if request is None or _STATES[request.state] != row.state or request.evidence_subject != subject:
        yield Fault(uai, subject, 0, "convention-state", f"la convention est dite « {row.state} » à tort")
        return
    signed = [
        amendment
        for amendment in queries.of_convention(session, row.id)
        if amendment.state == AmendmentState.SIGNED
    ]
    for why in date_differences(row, request):
        yield Fault(uai, subject, 0, "convention-row", why)
    last = (_request(session, signed[-1]) if signed else None) or request
    if not last.erased_at and digest_of(row.data) != frozen_payload(session, last).get("data"):
        message = "les données de la convention ne sont pas celles que ses parties ont sous les yeux"
        yield Fault(uai, subject, 0, "convention-data", message)
    elif not last.erased_at and not request.erased_at:
        for why in differences(session, row, request, _versions(session, row, signed)):
            yield Fault(uai, subject, 0, "convention-row", why)


def _versions(session: Session, row: Convention, signed: Sequence[Amendment]) -> list[Version]:
    """Return the data of a convention as they came into force: at its sending, then by each amendment."""
    here = zone(session)
    days = [each.astimezone(here).date() for each in (row.sent_at, *(a.signed_at for a in signed)) if each]
    data = [signed[0].before if signed else row.data, *(amendment.data for amendment in signed)]
    return list(zip(data, days, strict=False))


def _of_amendment(session: Session, uai: str, row: Amendment) -> Iterator[Fault]:
    request, subject = _request(session, row), f"amendment:{row.id}"
    if request is None or _STATES[request.state] != row.state or request.evidence_subject != subject:
        yield Fault(uai, subject, 0, "amendment-state", f"l’avenant est dit « {row.state} » à tort")
    elif not request.erased_at:
        frozen = frozen_payload(session, request)
        if (digest_of(row.before), digest_of(row.data)) != (frozen.get("before"), frozen.get("data")):
            yield Fault(uai, subject, 0, "amendment-data", "l’avenant ne dit pas ce qui a été signé")
        whys = [french(name) for name in frozen_differences(session, request, shown(row))]
        if row.sent_at != request.opened_at:
            whys.append("la colonne sent_at n’est pas l’instant de l’envoi")
        if row.signed_at != (request.closed_at if row.state == AmendmentState.SIGNED else None):
            whys.append("la colonne signed_at n’est pas l’instant de la dernière signature")
        yield from (Fault(uai, subject, 0, "amendment-row", why) for why in whys)


def _request(session: Session, row: Convention | Amendment) -> SignatureRequest | None:
    return session.get(SignatureRequest, row.request_id) if row.request_id else None
