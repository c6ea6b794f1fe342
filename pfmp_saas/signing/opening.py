"""Opening a document to signature: frozen, certified with its empty fields, its signers invited, or told that theirs is carried over."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import SigningOpened, emit
from pfmp_saas.core.storage import store
from pfmp_saas.documents.content import Rendered
from pfmp_saas.documents.sealing.authority import issue_seal
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.values import FieldPlace, Subject
from pfmp_saas.documents.versions import FIRST, RENDERER
from pfmp_saas.evidence.events import CARRIES, FINISHED, FROZEN, PROMISED, REPLACES, StoredEvent
from pfmp_saas.evidence.rows import Values
from pfmp_saas.evidence.use_cases import Actor, authority, record
from pfmp_saas.signing import frozen
from pfmp_saas.signing.links import inform, invite
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.queries import first_of_each
from pfmp_saas.signing.states import RequestState, SignerState
from pfmp_saas.tenants.models import Establishment

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class SignerSpec:
    """A signature to ask for: the field of the PDF, the French capacity, and the person.

    Without an address nobody is invited: the person signs on paper, and the school says so afterwards.
    """

    field: str
    capacity: str
    name: str
    email: str


def open_request(
    session: Session,
    *,
    subject_kind: str,
    subject_id: uuid.UUID,
    title: str,
    rendered: Rendered,
    signers: Sequence[SignerSpec],
    kek: bytes,
    base_url: str,
    now: datetime,
    timestamped: bool = False,
    in_order: bool = False,
    frozen: Mapping[str, str] = NOTHING,
    columns: Values = NOTHING,
    reason: str | None = None,
    carried: Mapping[str, Signer] = MappingProxyType({}),
) -> SignatureRequest:
    """Certify the rendering with its empty fields, store it, write the first event, invite the signers.

    ``in_order`` invites each when the one before has signed; ``frozen`` are the digests of what made the document,
    ``columns`` what the database shows of it beside its title and signers: the first event commits to all of it;
    ``timestamped`` promises an authority's time on every signature: kept, or waited for, never dropped; ``reason`` is
    why this version replaces the one that ``frozen`` names; ``carried`` are the signatures of earlier versions that stand
    for those of the fields that they are given for, unless their signers oppose it.
    """
    school = session.get_one(Establishment, current_tenant(session))
    about = Subject(school.uai, school.name, f"{subject_kind}:{subject_id}", subject_kind, school.timezone)
    seal = issue_seal(authority(session, kek), school.name, school.uai, now)
    certified = certify(
        rendered.pdf, _places(rendered, signers), seal, about, now=now, timestamped=timestamped
    )
    row = _frozen_row(session, about, subject_id, certified, now)
    row.title, row.timestamped, row.in_order = title, timestamped, in_order
    row.replaces, row.replacement_reason = frozen.get(REPLACES), reason
    session.add(row)
    _invite_all(session, row, signers, carried, base_url, now)
    _record_frozen(session, row, school, {**frozen, **_promised(rendered, signers, carried)}, columns)
    emit(session, SigningOpened(subject_id=row.id, at=now, kind=subject_kind, document_id=subject_id))
    return row


def _promised(
    rendered: Rendered, signers: Sequence[SignerSpec], carried: Mapping[str, Signer]
) -> dict[str, Any]:
    """Return what the freeze says: the renderer, how many signatures, the event of the finished file, the acts that may stand."""
    acts = {field: signer.event_hash for field, signer in sorted(carried.items())}
    said = {"expected_signatures": str(len(signers)), FINISHED: PROMISED, RENDERER: rendered.version or FIRST}
    return {**said, CARRIES: acts} if acts else said


def _frozen_row(
    session: Session, about: Subject, subject_id: uuid.UUID, certified: bytes, now: datetime
) -> SignatureRequest:
    """Store a certified document and return its open request, yet without a title."""
    name = f"{about.kind}-{str(subject_id)[:8]}.pdf"
    return SignatureRequest(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        subject_kind=about.kind,
        subject_id=subject_id,
        evidence_subject=about.subject,
        file_id=store(session, name=name, content=certified).id,
        frozen_hash=hashlib.sha256(certified).hexdigest(),
        frozen_length=len(certified),
        state=RequestState.OPEN,
        opened_at=now,
    )


def _record_frozen(
    session: Session,
    row: SignatureRequest,
    school: Establishment,
    payload: dict[str, Any],
    columns: Values,
) -> None:
    """Write the first event of a document: the school's seal froze it."""
    seal = Actor(school.name, school.uai, "establishment", "platform-seal")
    shown = {**frozen.columns_of(row), **columns}
    write_event(session, row, FROZEN, seal, None, row.opened_at, payload, columns=shown)


def _places(rendered: Rendered, signers: Sequence[SignerSpec]) -> list[FieldPlace]:
    capacities = {signer.field: signer.capacity for signer in signers}
    return [
        FieldPlace(place.name, place.page, (place.x1, place.y1, place.x2, place.y2), capacities[place.name])
        for place in rendered.places
        if place.name in capacities
    ]


def _invite_all(
    session: Session,
    row: SignatureRequest,
    signers: Sequence[SignerSpec],
    carried: Mapping[str, Signer],
    base_url: str,
    now: datetime,
) -> None:
    first = next((spec.field for spec in signers if spec.field not in carried), None)
    for position, spec in enumerate(signers, start=1):
        waits = row.in_order and spec.field != first and spec.field not in carried
        signer = Signer(
            id=uuid.uuid4(),
            tenant_id=row.tenant_id,
            request=row,
            position=position,
            field=spec.field,
            capacity=spec.capacity,
            name=spec.name,
            email=travelling(spec.email),
            state=SignerState.WAITING if waits else SignerState.INVITED,
            carries=carried.get(spec.field),
        )
        session.add(signer)
    session.flush()
    called = [each for each in row.signers if each.state == SignerState.INVITED and each.email]
    for signer in first_of_each([each for each in called if not each.is_carrying]):
        invite(session, signer, base_url, now)
    for signer in (each for each in called if each.is_carrying):
        inform(session, signer, base_url, now)


def write_event(
    session: Session,
    request: SignatureRequest,
    kind: str,
    actor: Actor,
    consent_text: str | None,
    now: datetime,
    payload: dict[str, str],
    people: dict[str, str] | None = None,
    columns: Values | None = None,
) -> StoredEvent:
    """Write an event about the request's frozen document; ``people`` and ``columns`` enter it as commitments."""
    return record(
        session,
        subject=request.evidence_subject,
        kind=kind,
        actor=actor,
        document_hash=request.frozen_hash,
        consent_text=consent_text,
        now=now,
        payload=payload,
        people=people,
        columns=columns,
    )
