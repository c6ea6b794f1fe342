"""What the database shows of a document, as its first event committed to it; `pfmp audit` holds the rows to it.

The file, its digests and its signatures are held elsewhere: here stand the title, the signers that were asked, and
what a domain adds (a convention's number, an amendment's reason).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.evidence.canonical import NotCanonical
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.events import FROZEN, Event, read_event
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt
from pfmp_saas.evidence.queries import events_of
from pfmp_saas.evidence.rows import ROW, Values, differing
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.states import RequestState

REASON = "refusal_reason"
_SIGNER = "signer:"


def columns_of(request: SignatureRequest) -> dict[str, object]:
    """Return what a request's row and its signers' rows show, as the first event commits to it."""
    plain = ("title", "timestamped", "in_order", "replaces", "replacement_reason")
    signers = {of_signer(each.field): shown_of(each) for each in request.signers}
    return {name: getattr(request, name) for name in plain} | signers


def of_signer(field: str) -> str:
    """Return the name under which an event commits to what the database shows of the signer of ``field``."""
    return f"{_SIGNER}{field}"


def shown_of(signer: Signer) -> list[object]:
    """Return what the database shows of a signer, as an event commits to it."""
    return [signer.position, signer.capacity, signer.name, signer.email]


def french(name: str) -> str:
    """Return how a fault names a column of :func:`columns_of`."""
    if name.startswith(_SIGNER):
        field = name.removeprefix(_SIGNER)
        return f"le rang, la qualité, le nom ou l’adresse du signataire « {field} » a changé"
    return f"la colonne {name} n’est pas celle qui a été figée"


def about(session: Session, request: SignatureRequest) -> Iterator[tuple[EvidenceEvent, Event]]:
    """Yield the events about a request's frozen document, in their order."""
    for row in events_of(session, request.evidence_subject):
        event = read(row)
        if event and event.document_hash == request.frozen_hash:
            yield row, event


def read(row: EvidenceEvent) -> Event | None:
    """Return the event of a row, None where it holds none: the chain's audit says so."""
    try:
        return read_event(row.canonical)
    except NotCanonical:
        return None


def frozen_payload(session: Session, request: SignatureRequest) -> Mapping[str, Any]:
    """Return the payload of the first event about a request's document: digests of what made it. Empty without that event."""
    first = first_event(session, request)
    return first[1].payload if first else {}


def first_event(session: Session, request: SignatureRequest) -> tuple[EvidenceEvent, Event] | None:
    """Return the event that froze a request's document."""
    return next((each for each in about(session, request) if each[1].kind == FROZEN), None)


def frozen_differences(session: Session, request: SignatureRequest, values: Values) -> list[str]:
    """Return which of ``values`` are not those that the first event commits to; older events commit to none."""
    first = first_event(session, request)
    return differences(session, *first, values) if first else []


def differences(session: Session, row: EvidenceEvent, event: Event, values: Values) -> list[str]:
    """Return which of ``values`` are not those that an event commits to."""
    salt = select(EvidenceSalt.salt).where(EvidenceSalt.event_id == row.id, EvidenceSalt.name == ROW)
    return differing(session.scalar(salt), event.payload.get(ROW) or {}, values)


def orphans(session: Session, uai: str, kind: str, model: type[Any]) -> Iterator[Fault]:
    """Yield a fault for each document whose own row, of ``model``, is gone; one in force must be its row's own."""
    undone = SignatureRequest.state.in_([RequestState.REFUSED, RequestState.WITHDRAWN])
    own = (model.id == SignatureRequest.subject_id) & ((model.request_id == SignatureRequest.id) | undone)
    statement = select(SignatureRequest.evidence_subject).outerjoin(model, own)
    for subject in session.scalars(
        statement.where(SignatureRequest.subject_kind == kind, model.id.is_(None))
    ):
        yield Fault(
            uai,
            subject,
            0,
            "row-missing",
            "le document est là, et la ligne qu’il figeait n’est plus la sienne",
        )
