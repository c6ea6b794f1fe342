"""A convention in signature, corrected: the version that not all have signed gives way to another, which names it.

Whom the correction concerns signs again, by the table of the type; a signature of the others is carried over.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.conventions import caps, errors, judging, queries, staff
from pfmp_saas.conventions.addresses import corrected
from pfmp_saas.conventions.freeze import in_turn, is_minor, printed, render_convention, signers
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.use_cases import as_typed, index, open_to, shown, title
from pfmp_saas.core.events import ConventionSent, emit
from pfmp_saas.core.moves import advance, locked, may
from pfmp_saas.core.text import fold
from pfmp_saas.evidence.events import REPLACES
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.law.facts import parse
from pfmp_saas.signing import remarks
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.carrying import carried_to
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.opening import SignerSpec, open_request
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.document import digest_of
from pfmp_saas.types.impact import concerned, differing, impacts
from pfmp_saas.types.model import ImpactRow
from pfmp_saas.types.revisions.use_cases import bound_digest, type_of

ANSWER = "Version corrigée envoyée."


@dataclass(frozen=True)
class Correction:
    """The parts of a convention's data that change, and why: what each signer reads."""

    parts: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class Foreseen:
    """What a correction would do: the data after it, the rows of the type's table that it touches, who signs.

    ``carried`` are the signatures that stand for the field they were given for, unless their signers oppose it.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    touched: tuple[ImpactRow, ...]
    five: tuple[SignerSpec, ...]
    carried: Mapping[str, Signer]

    @property
    def digest(self) -> str:
        """Return what names this effect: whoever confirms says that this one was read."""
        return digest_of({"after": self.after, "carried": sorted(self.carried)})


def present(session: Session, row: Convention) -> dict[str, Any]:
    """Return the data that a correction starts from: those sent, with the addresses corrected since."""
    may(row, "replace")
    return corrected(row, session.get_one(SignatureRequest, row.request_id))


def foresee(session: Session, row: Convention, correction: Correction, now: datetime) -> Foreseen:
    """Return what a correction would do, and write nothing. Raises DomainError where nothing changes or a finding blocks."""
    may(row, "replace")
    foreseen = _effect(session, row, correction, now)
    _judge(session, as_typed(row, foreseen.after))
    return foreseen


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
    """Close the version in signature and send the corrected one: those whom it concerns sign again, the others are told.

    The former and its signatures stay in evidence. The request is locked first, as for a signature. Raises NotFound,
    Conflict once it is signed or refused, DomainError without a reason or when a finding blocks.
    """
    known = queries.get(session, convention_id)
    may(known, "replace")
    if not correction.reason.strip():
        raise errors.NoCorrection
    former = locked(session, SignatureRequest, known.request_id or convention_id)
    may(former, "withdraw")
    row = locked(session, Convention, convention_id)
    foreseen = _effect(session, row, correction, now)
    row.data = foreseen.after
    index(row)
    caps.lock(session, row)
    _judge(session, row)
    signing.replace(session, former, by, now)
    remarks.close_all(session, former.signers, ANSWER, now)
    _freeze(session, row, former, foreseen, correction.reason.strip(), kek, base_url, now, timestamped)
    _open_again(session, row, foreseen.five, now)
    return row


def _effect(session: Session, row: Convention, correction: Correction, now: datetime) -> Foreseen:
    """Return what a correction changes, whom it concerns, and whose signature is carried over."""
    former = session.get_one(SignatureRequest, row.request_id)
    kind, today = type_of(session, row), tenants.today(session, now)
    before = corrected(row, former)
    after = staff.in_office(
        session, {**before, **staff.named(session, correction.parts)}, "convention", today
    )
    if not differing(before, after):
        raise errors.NoCorrection
    five = signers(after, today, [signer.field for signer in former.signers if not signer.email])
    names = {spec.field: spec.name for spec in five}
    spelled = {each.field for each in former.signers if remarks.spells(session, each, names[each.field])}
    renamed = {each.field for each in former.signers if fold(each.name) != fold(names[each.field])}
    touched = impacts(kind, before, after, [path for field in spelled for path in _NAMES[field]])
    carried = carried_to(former, five, concerned(touched) | (renamed - spelled))
    return Foreseen(before, after, touched, in_turn(kind, five), carried)


_NAMES = {
    "head": ("school.head.name",),
    "host_representative": ("host.representative.name",),
    "student": ("student.first_name", "student.last_name", "student.guardian.name"),
    "referent": ("referent.name",),
    "tutor": ("tutor.name",),
}
"""Where a convention's data name each signer."""


def _judge(session: Session, row: Convention) -> None:
    stops = [finding for finding in judging.findings(session, row) if finding.severity == "block"]
    if stops:
        raise errors.Blocked(count=len(stops))


def _freeze(
    session: Session,
    row: Convention,
    former: SignatureRequest,
    foreseen: Foreseen,
    reason: str,
    kek: bytes,
    base_url: str,
    now: datetime,
    timestamped: bool,
) -> None:
    """Freeze the corrected version; its signers are invited, or told that their signature is carried over."""
    kind = type_of(session, row)
    row.data = {**row.data, "signers": printed(foreseen.five)}
    frozen = {"type": bound_digest(session, row), "data": digest_of(row.data), REPLACES: former.frozen_hash}
    request = open_request(
        session,
        subject_kind="convention",
        subject_id=row.id,
        title=title(row),
        rendered=render_convention(kind, row.data),
        signers=foreseen.five,
        in_order=kind.in_order,
        frozen=frozen,
        columns=shown(row),
        kek=kek,
        base_url=base_url,
        now=now,
        timestamped=timestamped,
        reason=reason,
        carried=foreseen.carried,
    )
    row.request_id = request.id


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
