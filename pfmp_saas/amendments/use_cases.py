"""Use cases of an amendment: draft, save, send, complete. `workflows.after_amendment` changes the convention."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pfmp_saas.amendments import errors, queries
from pfmp_saas.amendments.changes import Change, changes, every_field
from pfmp_saas.amendments.document import AmendmentContent, render_amendment
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.amendments.states import AmendmentState, Nature
from pfmp_saas.conventions import caps, staff
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.addresses import reached
from pfmp_saas.conventions.freeze import in_turn, printed, signers
from pfmp_saas.conventions.judging import findings as findings_of
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.conventions.use_cases import as_typed
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import AmendmentSigned, emit
from pfmp_saas.core.moves import advance, locked, may, move
from pfmp_saas.documents.content import Rendered
from pfmp_saas.documents.versions import CURRENT
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.law.checks import Finding
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.opening import SignerSpec, open_request
from pfmp_saas.signing.use_cases import withdraw as withdraw_request
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.document import digest_of
from pfmp_saas.types.impact import concerned, impacts
from pfmp_saas.types.model import ConventionType
from pfmp_saas.types.revisions.use_cases import bound_digest, type_of

KIND = "amendment"
"""The kind of its signature request and of its evidence subject."""


@dataclass(frozen=True)
class Wish:
    """The content of an amendment: its nature, reason, outcome if any, and the convention's parts that change."""

    nature: str
    reason: str
    outcome: str | None
    parts: Mapping[str, Any]


def amendable(session: Session, convention_id: uuid.UUID) -> Convention:
    """Return a convention under lock. Raises NotFound, NotSigned, and AlreadyOpen when an amendment waits."""
    convention = locked(session, Convention, convention_id)
    if convention.state != ConventionState.SIGNED:
        raise errors.NotSigned
    if any(row.state in queries.OPEN for row in queries.of_convention(session, convention_id)):
        raise errors.AlreadyOpen
    return convention


def open_draft(
    session: Session, convention_id: uuid.UUID, wish: Wish, *, created_by: uuid.UUID | None
) -> Amendment:
    """Open the draft of an amendment to a signed convention. Raises NotFound, Conflict."""
    convention = amendable(session, convention_id)
    row = Amendment(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        rank=max((other.rank for other in queries.of_convention(session, convention_id)), default=0) + 1,
        before=convention.data,
        data=convention.data,
        state=AmendmentState.DRAFT,
        created_by=created_by,
    )
    _fill(session, row, wish)
    session.add(row)
    session.flush()
    return row


def save(session: Session, amendment_id: uuid.UUID, wish: Wish) -> Amendment:
    """Replace the content of a draft. Raises NotFound, Conflict once it was sent."""
    row = locked(session, Amendment, amendment_id)
    if row.state != AmendmentState.DRAFT:
        raise errors.NotDraft
    _fill(session, row, wish)
    session.flush()
    return row


def _fill(session: Session, row: Amendment, wish: Wish) -> None:
    row.nature, row.reason, row.outcome = wish.nature, wish.reason, wish.outcome
    row.data = {**row.before, **staff.named(session, wish.parts)}


def abandon(session: Session, amendment_id: uuid.UUID) -> None:
    """Delete a draft. Raises NotFound, Conflict once it was sent."""
    row = locked(session, Amendment, amendment_id)
    if row.state != AmendmentState.DRAFT:
        raise errors.NotDraft
    session.delete(row)
    session.flush()


def findings(session: Session, row: Amendment) -> tuple[Finding, ...]:
    """Return the law's findings on the convention as amended. Raises InvalidData."""
    return findings_of(session, as_typed(_convention(session, row), row.data))


def preview(session: Session, row: Amendment, version: str = CURRENT) -> Rendered:
    """Render an amendment as it would be sent, or as it was, by a version of the renderer."""
    convention = _convention(session, row)
    kind = type_of(session, convention)
    content = _content(session, row, convention)
    return render_amendment(kind, row.data, content, asked(session, row, kind), version)


def title(session: Session, row: Amendment) -> str:
    """Return the French title of an amendment, with its number and the pupil's name."""
    convention = _convention(session, row)
    return f"Avenant no {row.rank} à la convention de PFMP no {convention.number} – {convention.student_name}"


def send(
    session: Session,
    amendment_id: uuid.UUID,
    *,
    kek: bytes,
    base_url: str,
    now: datetime,
    timestamped: bool = False,
    on_paper: Collection[str] = (),
) -> Amendment:
    """Freeze an amendment and invite the signers of the convention as amended.

    A minor on the day of sending is represented. Raises DomainError when nothing changes, when a reason is missing or
    when a finding blocks; Conflict when it was sent or the convention is no longer the one it was drafted on.
    """
    convention = locked(session, Convention, queries.get(session, amendment_id).convention_id)
    row = locked(session, Amendment, amendment_id)
    _check(session, row, convention, tenants.today(session, now))
    kind = type_of(session, convention)
    named = _signers(session, row, convention, on_paper, now)
    request = open_request(
        session,
        subject_kind=KIND,
        subject_id=row.id,
        title=title(session, row),
        rendered=preview(session, row),
        signers=in_turn(kind, named),
        in_order=kind.in_order,
        frozen=_frozen(session, row, convention),
        columns=shown(row),
        kek=kek,
        base_url=base_url,
        now=now,
        timestamped=timestamped,
    )
    advance(row, "send")
    row.request_id, row.sent_at = request.id, now
    session.flush()
    return row


def _signers(
    session: Session, row: Amendment, convention: Convention, on_paper: Collection[str], now: datetime
) -> tuple[SignerSpec, ...]:
    """Name the people of an amendment by the day of its sending, and return those who are asked, where the school reaches them."""
    today = tenants.today(session, now)
    five = reached(convention, signers(row.data, today, on_paper), today)
    row.data = {**row.data, "signers": printed(five)}
    named = asked(session, row, type_of(session, convention))
    return tuple(spec for spec in five if spec.field in named)


def asked(session: Session, row: Amendment, kind: ConventionType) -> frozenset[str]:
    """Return the fields of whom an amendment asks to sign: those who were, else those whom its changes concern.

    All sign what moves, suspends or ends the period, and what says how the training is validated (L124-15).
    """
    if row.request_id:
        return frozenset(signer.field for signer in signing.get(session, row.request_id).signers)
    everybody = frozenset(signer.name for signer in kind.signers)
    if row.nature != Nature.CHANGE or row.outcome:
        return everybody
    return concerned(impacts(kind, row.before, row.data)) or everybody


def told(kind: ConventionType, row: Amendment) -> tuple[Change, ...]:
    """Return what an amendment changes, in French."""
    return changes(row.before, row.data, every_field(kind))


def shown(row: Amendment) -> dict[str, Any]:
    """Return the columns of an amendment that its data do not give, for the evidence of its sending."""
    names = ("convention_id", "rank", "nature", "reason", "outcome", "created_by")
    return {name: getattr(row, name) for name in names}


def _check(session: Session, row: Amendment, convention: Convention, today: date) -> None:
    """Check that an amendment may leave; the caps' last places are taken one sender at a time."""
    may(row, "send")
    row.data = staff.in_office(session, row.data, KIND, today)
    if digest_of(row.before) != digest_of(convention.data):
        raise errors.Stale
    if not row.reason.strip():
        raise errors.NoReason
    if not told(type_of(session, convention), row):
        raise errors.NothingChanged
    caps.lock(session, as_typed(convention, row.data))
    blocking = [finding for finding in findings(session, row) if finding.severity == "block"]
    if blocking:
        raise errors.Blocked(count=len(blocking))


def _frozen(session: Session, row: Amendment, convention: Convention) -> dict[str, str]:
    """Return the evidence's payload that ties the amendment to its convention: digests of type, data before and after."""
    return {
        "type": bound_digest(session, convention),
        "before": digest_of(row.before),
        "data": digest_of(row.data),
        "amends": _amended(session, convention).frozen_hash,
        "rank": str(row.rank),
    }


def _content(session: Session, row: Amendment, convention: Convention) -> AmendmentContent:
    zone = ZoneInfo(tenants.get(session, row.tenant_id).timezone)
    signed = convention.signed_at.astimezone(zone) if convention.signed_at else None
    return AmendmentContent(
        number=convention.number,
        rank=row.rank,
        signed_on=f"{signed:%d/%m/%Y}" if signed else "",
        frozen_hash=_amended(session, convention).frozen_hash,
        nature=row.nature,
        reason=row.reason,
        outcome=row.outcome,
        changes=told(type_of(session, convention), row),
    )


def _amended(session: Session, convention: Convention) -> SignatureRequest:
    """Return the signature request of the convention that is amended."""
    assert convention.request_id is not None  # it is signed
    return signing.get(session, convention.request_id)


def complete(session: Session, amendment_id: uuid.UUID, now: datetime) -> Amendment:
    """Move an amendment to signed: all have signed. Its event changes the convention. Raises NotFound, Conflict.

    The convention, which changes next, is locked first: whoever sends or attests locks in the same order.
    """
    locked(session, Convention, queries.get(session, amendment_id).convention_id)
    row = move(session, Amendment, amendment_id, "complete")
    row.signed_at = now
    emit(session, AmendmentSigned(subject_id=row.id, at=now))
    return row


def refuse(session: Session, amendment_id: uuid.UUID) -> Amendment:
    """Move an amendment to refused: a signer refused, the convention stays as it was. Raises NotFound, Conflict."""
    return move(session, Amendment, amendment_id, "refuse")


def withdraw(session: Session, amendment_id: uuid.UUID, actor: Actor, now: datetime) -> Amendment:
    """Take an amendment back from signature for the school. Raises NotFound, Conflict once it is signed."""
    row = queries.get(session, amendment_id)
    may(row, "withdraw")
    assert row.request_id is not None  # it was sent
    withdraw_request(session, row.request_id, actor, now)
    return row


def withdrawn(session: Session, amendment_id: uuid.UUID) -> Amendment:
    """Move an amendment to withdrawn, since its request was. Raises NotFound, Conflict."""
    return move(session, Amendment, amendment_id, "withdraw")


def _convention(session: Session, row: Amendment) -> Convention:
    return conventions.get(session, row.convention_id)
