"""Comparing what conventions say today with the evidence of what their parties signed, amendments included."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.amendments.states import AmendmentState
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.conventions.types.document import digest_of
from pfmp_saas.evidence.canonical import NotCanonical
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.events import FROZEN, read_event
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.signing.models import SignatureRequest

_BOUND = (ConventionState.SENT, ConventionState.SIGNED, ConventionState.ERASED)


def data_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield the conventions whose data are not those that were last signed, or sent for signature."""
    for row in session.scalars(select(Convention).where(Convention.state.in_(_BOUND))):
        signed = [
            each for each in queries.of_convention(session, row.id) if each.state == AmendmentState.SIGNED
        ]
        subject = f"amendment:{signed[-1].id}" if signed else f"convention:{row.id}"
        if row.state == ConventionState.ERASED:
            if not _erased(session, row):
                told = "cette convention est dite effacée, et son document ne l’est pas"
                yield Fault(uai, f"convention:{row.id}", 0, "convention-erased", told)
        elif digest_of(row.data) != _frozen_data(session, subject):
            told = "les données de la convention ne sont pas celles que ses parties ont sous les yeux"
            yield Fault(uai, f"convention:{row.id}", 0, "convention-data", told)


def _erased(session: Session, row: Convention) -> bool:
    request = session.get(SignatureRequest, row.request_id) if row.request_id else None
    return request is not None and request.erased_at is not None


def _frozen_data(session: Session, subject: str) -> str | None:
    """Return the digest of the data that a subject's document was made of, as its evidence has it."""
    mine = (EvidenceEvent.subject == subject, EvidenceEvent.kind == FROZEN)
    statement = select(EvidenceEvent.canonical).where(*mine).order_by(EvidenceEvent.sequence.desc()).limit(1)
    text = session.scalar(statement)
    try:
        return read_event(text).payload.get("data") if text else None
    except NotCanonical:
        return None  # the chain says so
