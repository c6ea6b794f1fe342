"""The columns of a request and of its signers that no signature covers, held to the events about the document."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from pfmp_saas.evidence.events import (
    CARRIED,
    CARRIES,
    FINISHED,
    FROZEN,
    OBJECTED,
    PAPER,
    READDRESSED,
    REFUSED,
    REPLACES,
    SIGNED,
    WITHDRAWN,
    Event,
)
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.signing import frozen
from pfmp_saas.signing.models import PaperSignature, SignatureRequest, Signer
from pfmp_saas.signing.states import Manner, RequestState

Events = Sequence[tuple[EvidenceEvent, Event]]


def request_differences(session: Session, request: SignatureRequest, events: Events) -> Iterator[str]:
    """Yield in what the rows of a document differ from its events, in French: columns are named."""
    again = {
        str(event.payload.get("field")): (row, event) for row, event in events if event.kind == READDRESSED
    }
    shown = frozen.columns_of(request)
    since = {frozen.of_signer(field): shown.pop(frozen.of_signer(field), None) for field in again}
    for field, (row, event) in again.items():
        name = frozen.of_signer(field)
        yield from map(frozen.french, frozen.differences(session, row, event, {name: since[name]}))
    for row, event in events:
        if event.kind == FROZEN:
            yield from map(frozen.french, frozen.differences(session, row, event, shown))
            if event.payload.get(REPLACES) != request.replaces:
                yield "la colonne replaces ne désigne pas la version que la preuve dit corrigée"
            if event.at != request.opened_at:
                yield "la colonne opened_at n’est pas l’instant où le document a été figé"
    if f"{request.subject_kind}:{request.subject_id}" != request.evidence_subject:
        yield "la colonne subject_kind ou subject_id ne désigne pas ce document"
    if not _closed_when(request, events):
        yield "la colonne closed_at n’est pas l’instant où le document a été clos"
    for signer in request.signers:
        yield from _of_signer(session, request, signer, events)


def _closed_when(request: SignatureRequest, events: Events) -> bool:
    """Return whether the row says when the document ended; an older timestamped closing left no event of its instant."""
    if request.state == RequestState.OPEN:
        return request.closed_at is None
    finished = [event.at for _, event in events if event.kind == FINISHED]
    if request.state == RequestState.COMPLETE and finished:
        return request.closed_at == finished[-1]
    ends = {REFUSED, WITHDRAWN} if request.state != RequestState.COMPLETE else {SIGNED, PAPER, CARRIED}
    last = max((event.at for _, event in events if event.kind in ends), default=None)
    if last is None or request.closed_at is None:
        return False
    return request.closed_at >= last if request.timestamped else request.closed_at == last


def _of_signer(session: Session, request: SignatureRequest, signer: Signer, events: Events) -> Iterator[str]:
    mine = [each for each in events if each[1].payload.get("field") == signer.field]
    refusals = [each for each in mine if each[1].kind == REFUSED]
    corrected = [event.at for _, event in mine if event.kind == READDRESSED]
    if signer.readdressed_at != (corrected[-1] if corrected else None):
        yield f"{signer.capacity} : la colonne readdressed_at n’est pas l’instant de la correction de l’adresse"
    act = next((event for _, event in mine if event.kind in {SIGNED, PAPER, CARRIED}), None)
    if signer.refused_at != (refusals[0][1].at if refusals else None):
        yield f"{signer.capacity} : la colonne refused_at n’est pas l’instant de son refus"
    said = [
        name
        for row, event in refusals
        for name in frozen.differences(session, row, event, {frozen.REASON: signer.refusal_reason})
    ]
    if said or (signer.refusal_reason and not refusals):
        yield f"{signer.capacity} : la colonne refusal_reason n’est pas ce qui a été dit"
    opposed = [event.at for _, event in mine if event.kind == OBJECTED]
    if signer.objected_at != (opposed[0] if opposed else None):
        yield f"{signer.capacity} : la colonne objected_at n’est pas l’instant de son opposition"
    stands = None if signer.carries_id is None else (signer.carries and signer.carries.event_hash) or ""
    if stands != _carried_act(events, signer.field):
        yield f"{signer.capacity} : la colonne carries_id n’est pas la signature que la preuve dit reportée"
    if signer.manner != _MANNERS.get(act.kind if act else "", Manner.ELECTRONIC):
        yield f"{signer.capacity} : la colonne manner n’est pas la façon de son acte"
    if act is None and (signer.signed_at or signer.event_hash or signer.sealed_at):
        yield f"{signer.capacity} : une date ou une empreinte de signature, sans acte"
    if act is not None and signer.sealed_at and not _sealed_when(request, signer, act):
        yield f"{signer.capacity} : la colonne sealed_at n’est pas l’instant de l’acte"
    if signer.paper and act:
        yield from _of_paper(request, signer.paper, act)


_MANNERS = {PAPER: Manner.PAPER, CARRIED: Manner.CARRIED}


def _carried_act(events: Events, field: str) -> str | None:
    """Return the act that the freeze announced would stand for a field, if any."""
    frozen_with = [event.payload.get(CARRIES) for _, event in events if event.kind == FROZEN]
    announced = frozen_with[0] if frozen_with and isinstance(frozen_with[0], dict) else {}
    return announced.get(field)


def _sealed_when(request: SignatureRequest, signer: Signer, act: Event) -> bool:
    """Return whether the seal has the act's instant; one with an authority's time comes later."""
    assert signer.sealed_at is not None
    return signer.sealed_at >= act.at if request.timestamped else signer.sealed_at == act.at


def _of_paper(request: SignatureRequest, paper: PaperSignature, act: Event) -> Iterator[str]:
    """Yield in what the row of a paper signature differs from its event, beside what the act covers."""
    if paper.vouched_at != act.at:
        yield "la colonne vouched_at n’est pas l’instant de l’acte"
    if str(paper.scan_id) != act.payload.get("scan_file"):
        yield "la colonne scan_id n’est pas le scan de l’acte"
    if paper.request_id != request.id:
        yield "la colonne request_id de la signature sur papier désigne un autre document"
