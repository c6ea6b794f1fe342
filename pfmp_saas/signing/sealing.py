"""Putting signatures into the document, then closing it.

Without a timestamp authority a signature is sealed in the transaction of the act. With one, the act is recorded at once
(its event is the evidence of consent) and the sealing waits as a due item for the worker: a person's tap must not hang
or fail because an authority is down, no lock that a signer needs is held while the network answers, and what was
promised at freeze is never replaced by our own clock.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from pfmp_saas.core.events import SigningCompleted, SigningEvent, emit
from pfmp_saas.core.moves import advance, locked
from pfmp_saas.core.storage import StoredFile, replace
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.documents.sealing.authority import (
    Issuer,
    SignerIdentity,
    issue_signer,
    revocation_lists,
)
from pfmp_saas.documents.sealing.close import close
from pfmp_saas.documents.sealing.drawn import Appearance, CarriedAppearance, PaperAppearance
from pfmp_saas.documents.sealing.names import (
    CARRIED_AS,
    EVENT_REASON,
    VOUCHED,
    carried_reason,
    paper_reason,
    shortened,
)
from pfmp_saas.documents.sealing.sign import sign_field
from pfmp_saas.documents.sealing.writer import Stamper
from pfmp_saas.evidence.events import FINISHED, FINISHED_SHA256
from pfmp_saas.evidence.models import TenantAuthority
from pfmp_saas.evidence.timestamping import StampFailed, TimestampAuthority
from pfmp_saas.evidence.use_cases import ISSUING, PLATFORM, authorities_of, authority, opened, record
from pfmp_saas.evidence.verify.file.contents import certificates_of
from pfmp_saas.signing import errors
from pfmp_saas.signing.models import PaperSignature, SignatureRequest, Signer
from pfmp_saas.signing.states import Manner, RequestState, SignerState
from pfmp_saas.tenants.models import Establishment

_UNSEALED = (
    select(Signer.id).where(Signer.request_id == bindparam("request"), Signer.sealed_at.is_(None)).limit(1)
)
_CONTENT = select(StoredFile.content).where(StoredFile.id == bindparam("file")).with_for_update(of=StoredFile)
_OTHERS = exists().where(
    Signer.request_id == bindparam("request"), Signer.id != bindparam("signer"), Signer.sealed_at.is_(None)
)
_FOR_AN_ACT = (
    _CONTENT.join(TenantAuthority, TenantAuthority.tenant_id == StoredFile.tenant_id)
    .where(TenantAuthority.retired_at.is_(None))
    .add_columns(*ISSUING, _OTHERS.label("others"))
)


@dataclass(frozen=True)
class SealMeans:
    """Means of sealing: the key-encryption key, and the authority of timestamps if one is configured."""

    kek: bytes
    authority: TimestampAuthority | None

    def stamper(self, now: datetime) -> Stamper:
        """Return the function that asks for a timestamp; raises StampFailed when no authority is configured any more."""
        if self.authority is None:
            raise StampFailed("aucune autorité d’horodatage n’est configurée")
        asked = self.authority
        return lambda digest: asked.stamp(digest, now)


def seal_or_wait(
    session: Session, request: SignatureRequest, signer: Signer, kek: bytes, now: datetime
) -> None:
    """Seal the act now, or leave it to the worker when the document was frozen for timestamps."""
    if request.timestamped:
        schedule(session, DueKind.SEAL, signer.id, "1", due_at=now)
        return
    wanted = {"file": request.file_id, "request": request.id, "signer": signer.id}
    with session.no_autoflush:  # the signer's row is written once, sealed
        row = session.execute(_FOR_AN_ACT, wanted).one()
        signed = _put(session, request, signer, opened(row, kek), row.content, now)
    if not row.others:
        _complete(session, request, signed, now)


def seal_act(session: Session, signer_id: uuid.UUID, means: SealMeans, now: datetime) -> None:
    """Seal a recorded act with an authority's time; a second call changes nothing. Raises StampFailed and then stores nothing."""
    signer = session.get_one(Signer, signer_id)
    request = session.get_one(SignatureRequest, signer.request_id)
    content = _locked_content(session, request)
    session.refresh(signer)
    session.refresh(request)
    if signer.sealed_at or signer.state != SignerState.SIGNED or request.state != RequestState.OPEN:
        return
    _put(session, request, signer, authority(session, means.kek), content, now, means.stamper(now))
    if locked(session, SignatureRequest, signer.request_id).state != RequestState.OPEN:
        raise errors.Closed  # it ended while the authority answered: the file stays as its end found it
    if not _waiting(session, request):
        schedule(session, DueKind.CLOSE, request.id, "1", due_at=now)


def close_document(session: Session, request_id: uuid.UUID, means: SealMeans, now: datetime) -> None:
    """Close a document that all have signed: validation data, an authority's time, then it is complete.

    Raises StampFailed, and nothing is kept.
    """
    request = session.get_one(SignatureRequest, request_id)
    content = _locked_content(session, request)
    session.refresh(request)
    if request.state != RequestState.OPEN or _waiting(session, request):
        return
    certificates = certificates_of(content)
    issuers = authorities_of(session, certificates, means.kek)
    lists = [each for issuer in issuers for each in revocation_lists(issuer, now)]
    closed = close(content, certificates, lists, means.stamper(now))
    replace(session, request.file_id, closed)
    request = locked(
        session, SignatureRequest, request_id
    )  # only now: no lock waits while an authority answers
    _complete(session, request, closed, now)


def _complete(session: Session, request: SignatureRequest, finished: bytes, now: datetime) -> None:
    """End a locked request whose file is finished: its hash enters the log in the transaction that makes it the last."""
    record(
        session,
        subject=request.evidence_subject,
        kind=FINISHED,
        actor=PLATFORM,
        document_hash=request.frozen_hash,
        consent_text=None,
        now=now,
        payload={FINISHED_SHA256: hashlib.sha256(finished).hexdigest()},
    )
    finish(session, request, "complete", SigningCompleted, now)


def finish(
    session: Session, request: SignatureRequest, action: str, event: type[SigningEvent], now: datetime
) -> None:
    """End a request that is locked, and emit the event of it. Raises Conflict when it is closed already."""
    advance(request, action)
    request.closed_at = now
    emit(
        session,
        event(subject_id=request.id, at=now, kind=request.subject_kind, document_id=request.subject_id),
    )
    session.flush()


def _waiting(session: Session, request: SignatureRequest) -> Sequence[uuid.UUID]:
    """Return a signer whose signature is not in the document yet, if there is one."""
    session.flush()
    return session.scalars(_UNSEALED, {"request": request.id}).all()


def _locked_content(session: Session, request: SignatureRequest) -> bytes:
    """Lock the document's row and read it, not the request's: signers go on signing while an authority is asked."""
    return session.scalars(_CONTENT, {"file": request.file_id}).one()


def _put(
    session: Session,
    request: SignatureRequest,
    signer: Signer,
    issuer: Issuer,
    content: bytes,
    now: datetime,
    stamp: Stamper | None = None,
) -> bytes:
    """Add the signature to the stored document, by a certificate made for this act and dropped after it; return the file."""
    school = session.get_one(Establishment, request.tenant_id)
    when = (signer.signed_at or now).astimezone(ZoneInfo(school.timezone)).strftime("%d/%m/%Y à %H:%M")
    act = _act_of(signer, school, when)
    key = issue_signer(issuer, act.who, now)
    signed = sign_field(
        content, signer.field, key, now=now, appearance=act.look, reason=act.reason, stamp=stamp
    )
    replace(session, request.file_id, signed)
    signer.sealed_at = now
    return signed


@dataclass(frozen=True)
class _Act:
    """The content of a field: whose certificate, which words on the page, which reason."""

    who: SignerIdentity
    look: Appearance | PaperAppearance | CarriedAppearance
    reason: str


def _act_of(signer: Signer, school: Establishment, when: str) -> _Act:
    if signer.manner == Manner.PAPER and signer.paper:
        return _paper_act(signer, signer.paper, school, when)
    if signer.manner == Manner.CARRIED and signer.carries:
        return _carried_act(signer, signer.carries, school, when)
    return _own_act(signer, school, when)


def _carried_act(signer: Signer, given: Signer, school: Establishment, when: str) -> _Act:
    """Return the school's seal over a signature given on an earlier version: it names the act and never signs for anybody."""
    assert given.signed_at is not None  # it was given
    day = given.signed_at.astimezone(ZoneInfo(school.timezone)).strftime("%d/%m/%Y")
    name, version, act = shortened(given.name), given.request.frozen_hash, given.event_hash or ""
    return _Act(
        SignerIdentity(school.name, CARRIED_AS + signer.capacity, school.name, school.uai),
        CarriedAppearance(shortened(school.name), name, signer.capacity, day, version[:16], when, act[:16]),
        carried_reason(signer.event_hash or "", day, name, version, act),
    )


def _own_act(signer: Signer, school: Establishment, when: str) -> _Act:
    event_hash = signer.event_hash or ""
    return _Act(
        SignerIdentity(signer.name, signer.capacity, school.name, school.uai, signer.email),
        Appearance(signer.name, signer.capacity, when, event_hash[:16]),
        EVENT_REASON + event_hash,
    )


def _paper_act(signer: Signer, paper: PaperSignature, school: Establishment, when: str) -> _Act:
    """Return the seal of the person who saw the paper, under his or her own name: it names the signer and never signs for him or her."""
    day, name = f"{paper.signed_on:%d/%m/%Y}", shortened(signer.name)
    return _Act(
        SignerIdentity(
            paper.voucher_name, VOUCHED + signer.capacity, school.name, school.uai, paper.voucher_email
        ),
        PaperAppearance(
            paper.voucher_name,
            paper.voucher_capacity,
            name,
            signer.capacity,
            day,
            when,
            paper.scan_sha256[:16],
        ),
        paper_reason(signer.event_hash or "", day, name, paper.scan_sha256),
    )
