"""A convention in signature, corrected: the version that not all have signed gives way to another, which names it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.conventions import caps, errors, judging, queries, staff
from pfmp_saas.conventions.addresses import corrected
from pfmp_saas.conventions.freeze import in_turn, is_minor, printed, render_convention, signers
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.use_cases import index, open_to, shown, title
from pfmp_saas.core.events import ConventionSent, emit
from pfmp_saas.core.moves import advance, locked, may
from pfmp_saas.evidence.events import REPLACES
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.law.facts import parse
from pfmp_saas.signing import remarks
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.use_cases import SignerSpec
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.document import digest_of
from pfmp_saas.types.revisions.use_cases import bound_digest, type_of

ANSWER = "Version corrigée envoyée."


@dataclass(frozen=True)
class Correction:
    """The parts of a convention's data that change, and why: what each signer reads."""

    parts: Mapping[str, Any]
    reason: str


def present(session: Session, row: Convention) -> dict[str, Any]:
    """Return the data that a correction starts from: those sent, with the addresses corrected since."""
    may(row, "replace")
    return corrected(row, session.get_one(SignatureRequest, row.request_id))


def replace(
    session: Session,
    convention_id: uuid.UUID,
    correction: Correction,
    *,
    by: Actor,
    kek: bytes,
    base_url: str,
    now: datetime,
    timestamped: bool = False,
) -> Convention:
    """Close the version in signature and send the corrected one to all; the former and its signatures stay in evidence.

    The request is locked first, as for a signature. Raises NotFound, Conflict once it is signed or refused, DomainError
    without a reason or when a finding blocks.
    """
    known = queries.get(session, convention_id)
    may(known, "replace")
    if not correction.reason.strip():
        raise errors.NoCorrection
    former = locked(session, SignatureRequest, known.request_id or convention_id)
    may(former, "withdraw")
    row = locked(session, Convention, convention_id)
    _change(session, row, former, correction, tenants.today(session, now))
    signing.replace(session, former, by, now)
    remarks.close_all(session, former.signers, ANSWER, now)
    five = _freeze(session, row, former, correction.reason.strip(), kek, base_url, now, timestamped)
    _open_again(session, row, five, now)
    return row


def _change(
    session: Session, row: Convention, former: SignatureRequest, correction: Correction, today: date
) -> None:
    """Write the corrected data into a convention. Raises DomainError when nothing changes or a finding blocks."""
    before = corrected(row, former)
    after = staff.in_office(
        session, {**before, **staff.named(session, correction.parts)}, "convention", today
    )
    if after == before:
        raise errors.NoCorrection
    row.data = after
    index(row)
    caps.lock(session, row)
    stops = [finding for finding in judging.findings(session, row) if finding.severity == "block"]
    if stops:
        raise errors.Blocked(count=len(stops))


def _freeze(
    session: Session,
    row: Convention,
    former: SignatureRequest,
    reason: str,
    kek: bytes,
    base_url: str,
    now: datetime,
    timestamped: bool,
) -> tuple[SignerSpec, ...]:
    """Freeze the corrected version and invite its signers; return them."""
    on_paper = [signer.field for signer in former.signers if not signer.email]
    five = signers(row.data, tenants.today(session, now), on_paper)
    row.data = {**row.data, "signers": printed(five)}
    kind = type_of(session, row)
    frozen = {"type": bound_digest(session, row), "data": digest_of(row.data), REPLACES: former.frozen_hash}
    request = signing.open_request(
        session,
        subject_kind="convention",
        subject_id=row.id,
        title=title(row),
        rendered=render_convention(kind, row.data),
        signers=in_turn(kind, five),
        in_order=kind.in_order,
        frozen=frozen,
        columns=shown(row),
        kek=kek,
        base_url=base_url,
        now=now,
        timestamped=timestamped,
        reason=reason,
    )
    row.request_id = request.id
    return five


def _open_again(session: Session, row: Convention, five: tuple[SignerSpec, ...], now: datetime) -> None:
    """Count the corrected convention in the caps, and open it to those whom it names now and to nobody else."""
    advance(row, "replace")
    row.sent_at = now
    for party in list(row.parties):
        row.parties.remove(party)
        session.delete(party)
    session.flush()
    open_to(session, row, five, minor=is_minor(row.data["student"], tenants.today(session, now)))
    caps.replace_all(session, row, parse(row.data))
    emit(session, ConventionSent(subject_id=row.id, at=now))
    session.flush()
