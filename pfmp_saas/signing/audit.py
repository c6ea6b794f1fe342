"""Comparing signed documents with the evidence of them: the rows, the file, its signatures.

Chains and logs tell what happened; whoever runs the database could leave them whole and edit the rows that people
see, or seal another file. Here each request, each signer and each file is compared with the events about it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pfmp_saas.accounts import delegations
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.roles import is_by_delegation
from pfmp_saas.core.storage import StoredFile, load
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.events import (
    BECAUSE,
    CARRIED,
    CARRIED_ACT,
    CARRIED_VERSION,
    ERASED,
    FINISHED,
    FINISHED_SHA256,
    FROZEN,
    OBJECTION_DAYS,
    PAPER,
    PROMISED,
    REFUSED,
    REPLACED_FILE,
    RETENTION,
    SIGNED,
    WITHDRAWN,
    Event,
)
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt
from pfmp_saas.evidence.paper import SIGNER
from pfmp_saas.evidence.queries import events_of
from pfmp_saas.evidence.use_cases import ACTOR, person
from pfmp_saas.evidence.verify import ReaderInput, judge_pdf
from pfmp_saas.evidence.verify.file.contents import reasons_of
from pfmp_saas.signing.frozen import about, read
from pfmp_saas.signing.models import PaperSignature, SignatureRequest, Signer
from pfmp_saas.signing.rows import request_differences
from pfmp_saas.signing.states import Manner, RequestState, SignerState
from pfmp_saas.tenants import queries as tenants

_UNDONE = {REFUSED: RequestState.REFUSED, WITHDRAWN: RequestState.WITHDRAWN}
_NEED_ANCHORS = {"trust": "trust", "timestamps": "authorities", "closing": "authorities"}
"""Checks of a PDF that say nothing to who brings no root, or no authority of timestamps."""


@dataclass(frozen=True)
class _Case:
    """One request and the events about its frozen document."""

    uai: str
    request: SignatureRequest
    events: tuple[tuple[EvidenceEvent, Event], ...]

    @property
    def acts(self) -> Mapping[str, tuple[EvidenceEvent, Event]]:
        """Return the events that give a signature, by field."""
        given = (each for each in self.events if each[1].kind in {SIGNED, PAPER, CARRIED})
        return {str(event.payload.get("field")): (row, event) for row, event in given}

    def fault(self, code: str, message: str, sequence: int = 0) -> Fault:
        """Return a fault of this request's subject."""
        return Fault(self.uai, self.request.evidence_subject, sequence, code, message)


def document_faults(session: Session, uai: str, given: ReaderInput) -> Iterator[Fault]:
    """Yield what is wrong between the current tenant's signed documents and the evidence of them.

    ``given`` brings roots and authorities; without them what they vouch for is not judged.
    """
    known = dict(_frozen(session))
    statement = select(SignatureRequest).options(selectinload(SignatureRequest.signers))
    for request in session.scalars(statement.order_by(SignatureRequest.opened_at)):
        case = _Case(uai, request, tuple(about(session, request)))
        if known.pop((request.evidence_subject, request.frozen_hash), None) is None:
            yield case.fault("request-unrecorded", "ce document n’est pas celui que la preuve a vu figer")
            continue
        if request.erased_at:
            yield from _of_erasure(session, case)
            continue
        yield from _of_rows(session, case)
        yield from _of_file(session, case, given)
    for (subject, _), sequence in known.items():
        yield Fault(
            uai, subject, sequence, "request-missing", "le document que la preuve a vu figer a disparu"
        )


def _frozen(session: Session) -> Iterator[tuple[tuple[str, str | None], int]]:
    """Return the frozen documents that the evidence knows: subject and hash give the event's sequence."""
    for row in session.scalars(select(EvidenceEvent).where(EvidenceEvent.kind == FROZEN)):
        event = read(row)
        if event:
            yield (row.subject, event.document_hash), row.sequence


def _of_erasure(session: Session, case: _Case) -> Iterator[Fault]:
    """Yield a fault where a document's row says that it was erased and the evidence does not, for every event about it."""
    erasures = (read(row) for row in events_of(session, case.request.evidence_subject) if row.kind == ERASED)
    ended = [event for event in erasures if event and event.payload.get(BECAUSE) == RETENTION]
    named = {int(number) for event in ended for number in str(event.payload.get("events", "")).split()}
    if not {event.sequence for _, event in case.events if event.kind != ERASED} <= named:
        yield case.fault("erasure-unrecorded", "ce document est dit effacé, et la preuve ne le dit pas")
    elif case.request.erased_at not in {event.at for event in ended}:
        yield case.fault("request-row", "la colonne erased_at n’est pas l’instant de l’effacement")


def _of_rows(session: Session, case: _Case) -> Iterator[Fault]:
    fields = {signer.field for signer in case.request.signers}
    for field in sorted(set(case.acts) - fields):
        yield case.fault("signer-missing", f"le signataire du champ « {field} » a disparu")
    for signer in case.request.signers:
        act = case.acts.get(signer.field)
        if (signer.state == SignerState.SIGNED) != (act is not None):
            what = "est dit signataire sans acte" if act is None else "a signé, et la base ne le dit pas"
            yield case.fault("signer-state", f"{signer.capacity} {what}")
        elif act is not None and (why := _row_difference(session, signer, *act)):
            yield case.fault("signer-row", f"{signer.capacity} : {why}", act[0].sequence)
        elif act is not None and not _delegated(session, case.request, signer):
            yield case.fault(
                "delegation-missing",
                f"{signer.capacity} : aucune délégation ne couvrait cet acte",
                act[0].sequence,
            )
    for why in request_differences(session, case.request, case.events):
        yield case.fault("request-row", why)
    if (state := _state(case)) != case.request.state:
        yield case.fault("request-state", f"la base dit « {case.request.state} », la preuve dit « {state} »")


def _delegated(session: Session, request: SignatureRequest, signer: Signer) -> bool:
    """Tell whether whoever signed for the head had a deed for it at the time of the act."""
    if not is_by_delegation(signer.capacity) or signer.signed_at is None:
        return True
    day = tenants.today(session, signer.signed_at)
    return delegations.covers(session, signer.email, request.subject_kind, day, signer.signed_at)


def _row_difference(session: Session, signer: Signer, row: EvidenceEvent, event: Event) -> str | None:
    """Return in what a signer's row differs from his or her act, None where it does not."""
    paper, carried = event.kind == PAPER, event.kind == CARRIED
    if signer.event_hash != row.hash or signer.signed_at != event.at:
        return "la date ou l’empreinte de l’acte a changé"
    if (event.payload.get("capacity") if paper or carried else event.capacity) != signer.capacity:
        return "la qualité a changé"
    if not _is_same_person(session, row, SIGNER if paper or carried else ACTOR, signer.name, signer.email):
        return "le nom ou l’adresse a changé"
    if (signer.manner == Manner.PAPER) != paper or (signer.paper is not None) != paper:
        return "la signature n’est pas dite sur papier, ou l’est à tort"
    if carried:
        return _carried_difference(signer, event)
    return _paper_difference(session, signer.paper, row, event) if signer.paper else None


def _carried_difference(signer: Signer, event: Event) -> str | None:
    """Return in what a carried signature differs from the one that its event names, None where it does not."""
    given, told = signer.carries, signer.request.opened_at
    if given is None or signer.signed_at is None:
        return "la signature reportée n’est d’aucune version"
    named = (event.payload.get(CARRIED_ACT), event.payload.get(CARRIED_VERSION))
    if named != (given.event_hash, given.request.frozen_hash):
        return "la signature reportée n’est pas celle que la preuve nomme"
    if signer.objected_at or signer.signed_at < told + timedelta(days=OBJECTION_DAYS, hours=-1):
        return "la signature est reportée malgré une opposition, ou avant la fin du délai"
    return None


def _paper_difference(
    session: Session, paper: PaperSignature, row: EvidenceEvent, event: Event
) -> str | None:
    """Return in what the row of a paper signature differs from the voucher's words, None where it does not."""
    stated = (event.payload.get("signed_on"), event.payload.get("scan_sha256"), event.capacity)
    if stated != (paper.signed_on.isoformat(), paper.scan_sha256, paper.voucher_capacity):
        return "le jour, le scan ou la qualité de qui a vu le papier a changé"
    if not _is_same_person(session, row, ACTOR, paper.voucher_name, paper.voucher_email):
        return "le nom de qui a vu le papier a changé"
    return None


def _is_same_person(session: Session, row: EvidenceEvent, role: str, name: str, email: str) -> bool:
    """Return whether a person is the one whom the event committed to. Once erased, a person matches anybody."""
    mine = (EvidenceSalt.event_id == row.id, EvidenceSalt.name == role)
    committed = session.scalar(select(EvidenceSalt.value).where(*mine))
    return committed is None or committed == person(name, email)


def _state(case: _Case) -> str:
    """Return the state that the events give to a request."""
    for _, event in case.events:
        if event.kind in _UNDONE:
            return _UNDONE[event.kind]
    sealed = all(signer.sealed_at for signer in case.request.signers)
    waits = case.request.timestamped and case.request.state == RequestState.OPEN  # for its closing
    return RequestState.COMPLETE if sealed and not waits else RequestState.OPEN


def _of_file(session: Session, case: _Case, given: ReaderInput) -> Iterator[Fault]:
    request = case.request
    try:
        file = load(session, request.file_id)
    except NotFound:
        yield case.fault("document-missing", "le fichier du document a disparu")
        return
    content, frozen = file.content, file.content[: request.frozen_length]
    if hashlib.sha256(frozen).hexdigest() != request.frozen_hash:
        yield case.fault("document-differs", "le fichier gardé n’est pas le document figé")
    elif why := _seal_difference(case, content):
        yield case.fault("document-signatures", why)
    elif why := _finish_difference(case, content):
        yield case.fault("document-finished", why)
    elif request.state == RequestState.COMPLETE:
        yield from _verifier_faults(case, content, given)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        yield case.fault("document-hash", "l’empreinte gardée avec le fichier n’est pas la sienne")
    session.expire(file, [StoredFile.content.key])  # one file in memory at a time


def _seal_difference(case: _Case, content: bytes) -> str | None:
    """Return in what the signatures in the file differ from the acts, None where they do not."""
    expected = {signer.field for signer in case.request.signers if signer.sealed_at}
    reasons: Mapping[str, str] = reasons_of(content)
    if set(reasons) != expected:
        return "les signatures du fichier ne sont pas celles que la base dit apposées"
    for field, reason in reasons.items():
        act = case.acts.get(field)
        if act is None or act[0].hash not in reason:
            return f"la signature du champ « {field} » ne désigne pas son acte"
    return None


def _finish_difference(case: _Case, content: bytes) -> str | None:
    """Return in what a finished or replaced file is not the one that the log saw end, None where it is, or has not ended."""
    complete = case.request.state == RequestState.COMPLETE
    promised = any(
        event.payload.get(FINISHED) == PROMISED for _, event in case.events if event.kind == FROZEN
    )
    finished = [event.payload.get(FINISHED_SHA256) for _, event in case.events if event.kind == FINISHED]
    if len(finished) != (1 if complete and (promised or finished) else 0):
        return "le journal ne dit pas une seule fois, à la fin, quel fichier est fini"
    finished += [event.payload[REPLACED_FILE] for _, event in case.events if REPLACED_FILE in event.payload]
    if finished and finished[0] != hashlib.sha256(content).hexdigest():
        return "le fichier gardé n’est pas celui que le journal a vu finir"
    return None


def _verifier_faults(case: _Case, content: bytes, given: ReaderInput) -> Iterator[Fault]:
    """Yield the faults that the verifier finds in a completed document, as its parties would."""
    report = judge_pdf(content, replace(given, expect=len(case.request.signers)))
    for check in report.checks:
        anchors: Any = getattr(given, _NEED_ANCHORS[check.name]) if check.name in _NEED_ANCHORS else True
        if not check.ok and anchors:
            yield case.fault("document-refused", f"{check.name} : {check.reason}")
