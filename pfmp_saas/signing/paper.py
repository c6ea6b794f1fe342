"""Signatures given on paper: someone of the school's office saw the original and says so, under his or her own name.

Nobody signs for the absent person. One event commits to who signed the paper, names the scan by its hash and has the
voucher as its actor; the field of the PDF receives the voucher's seal, which says in words what it is.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pfmp_saas.accounts import queries as people
from pfmp_saas.core import dates, mail
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.moves import advance
from pfmp_saas.core.roles import LABELS, OFFICE, Role
from pfmp_saas.core.storage import StoredFile, load, store
from pfmp_saas.evidence.events import PAPER
from pfmp_saas.evidence.paper import SIGNER
from pfmp_saas.evidence.use_cases import Actor, person
from pfmp_saas.signing import errors, texts
from pfmp_saas.signing.models import PaperSignature, SignatureRequest, Signer
from pfmp_saas.signing.opening import write_event
from pfmp_saas.signing.scans import Scan, read_scan
from pfmp_saas.signing.sealing import seal_or_wait
from pfmp_saas.signing.states import Manner, RequestState, SignerState
from pfmp_saas.signing.use_cases import call_next, locked_signer
from pfmp_saas.tenants import queries as tenants

HEAD_FIELD = "head"
"""The field of the head of school, in every document."""


@dataclass(frozen=True)
class Voucher:
    """The person who saw the original: an account of the school, and the roles it holds there."""

    account_id: uuid.UUID
    name: str
    email: str
    roles: frozenset[Role]

    @property
    def office(self) -> str:
        """Return the office in which the voucher acts, in French; raises NotFound for an account that holds none."""
        for role in (Role.HEAD, Role.DEPUTY, Role.DDFPT, Role.SECRETARIAT):
            if role in self.roles & OFFICE:
                return LABELS[role]
        raise NotFound


def vouch(
    session: Session,
    signer_id: uuid.UUID,
    *,
    voucher: Voucher,
    shown_hash: str,
    signed_on: date | None,
    scan: bytes,
    consent: bool,
    kek: bytes,
    now: datetime,
) -> PaperSignature:
    """Record that a signer signed the frozen document on paper: one event, one seal, the scan; all or nothing.

    ``signed_on`` is the local day written on the paper; ``shown_hash`` names the frozen document. Raises DomainError
    beside a field, Conflict when the signer has answered, the document is closed or is not the one shown.
    """
    signer, request = locked_signer(session, signer_id)
    if request.state != RequestState.OPEN:
        raise errors.Closed
    if signer.state == SignerState.WAITING:
        raise errors.PaperNotYet(name=signer.name)
    if signer.state != SignerState.INVITED:
        raise errors.PaperAnswered(name=signer.name)
    if shown_hash != request.frozen_hash:
        raise errors.Changed
    _check_other(signer, voucher)
    day = _check_day(session, request, signed_on, now)
    checked = read_scan(scan)
    if not consent:
        raise errors.OriginalNotSeen
    row = _keep(session, signer, request, voucher, day, checked, now)
    event = _record(session, request, signer, row, voucher)
    advance(signer, "sign-on-paper")
    signer.manner, signer.signed_at, signer.event_hash = Manner.PAPER, now, event
    _tell(session, request, signer, row)
    call_next(session, request, now)
    seal_or_wait(session, request, signer, kek, now)
    session.flush()
    return row


def may_vouch(signer: Signer, voucher: Voucher) -> bool:
    """Return whether this person may vouch for that signature: nobody does for oneself, nor a head for the head."""
    same = travelling(voucher.email) == travelling(signer.email)
    return not same and not (signer.field == HEAD_FIELD and Role.HEAD in voucher.roles)


def scan_of(session: Session, request: SignatureRequest, signature_id: uuid.UUID) -> StoredFile:
    """Return the scan of one of a request's paper signatures. Raises NotFound."""
    row = session.get(PaperSignature, signature_id)
    if row is None or row.request_id != request.id:
        raise NotFound
    return load(session, row.scan_id)


def _check_other(signer: Signer, voucher: Voucher) -> None:
    if not may_vouch(signer, voucher):
        raise errors.OwnSignature


def _check_day(session: Session, request: SignatureRequest, day: date | None, now: datetime) -> date:
    zone = ZoneInfo(tenants.get(session, request.tenant_id).timezone)
    opened = request.opened_at.astimezone(zone).date()
    if day is None:
        raise errors.NoPaperDay
    if day > now.astimezone(zone).date():
        raise errors.FuturePaperDay
    if day < opened:
        raise errors.PaperBeforeFreeze(opened=dates.written(opened))
    return day


def _keep(
    session: Session,
    signer: Signer,
    request: SignatureRequest,
    voucher: Voucher,
    day: date,
    scan: Scan,
    now: datetime,
) -> PaperSignature:
    name = f"papier-{signer.position}.{scan.extension}"
    file = store(session, name=name, content=scan.content, media_type=scan.media_type)
    row = PaperSignature(
        id=uuid.uuid4(),
        tenant_id=signer.tenant_id,
        signer=signer,
        request_id=request.id,
        signed_on=day,
        scan_id=file.id,
        scan_sha256=file.sha256,
        voucher_id=voucher.account_id,
        voucher_name=voucher.name,
        voucher_email=voucher.email,
        voucher_capacity=voucher.office,
        vouched_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _record(
    session: Session, request: SignatureRequest, signer: Signer, row: PaperSignature, voucher: Voucher
) -> str:
    """Write the event and return its hash: its actor is the voucher, its payload describes the paper and names nobody."""
    actor = Actor(voucher.name, voucher.email, row.voucher_capacity, texts.BY_ACCOUNT)
    payload = {
        "field": signer.field,
        "capacity": signer.capacity,
        "manner": str(Manner.PAPER),
        "signed_on": row.signed_on.isoformat(),
        "scan_sha256": row.scan_sha256,
        "scan_file": str(row.scan_id),
    }
    people = {SIGNER: person(signer.name, signer.email)}
    at = row.vouched_at
    return write_event(session, request, PAPER, actor, texts.CONSENT_PAPER, at, payload, people).hash


def _tell(session: Session, request: SignatureRequest, signer: Signer, row: PaperSignature) -> None:
    """Write to the signer, if there is an address: whoever never signed that paper must learn of it."""
    if not signer.email:
        return
    mail.send(
        session,
        MailKind.SIGNED_ON_PAPER,
        (signer.name, signer.email),
        subject_id=signer.id,
        occurrence="1",
        voucher=row.voucher_name,
        role=row.voucher_capacity,
        school=tenants.get(session, request.tenant_id).name,
        day=f"{row.signed_on:%d/%m/%Y}",
        capacity=signer.capacity,
        title=request.title,
        contact=people.contact(session),
    )
