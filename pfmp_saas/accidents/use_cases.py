"""Recording an accident with the legal deadline of its declaration; correcting, withdrawing, and recording that it was declared."""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pfmp_saas.accidents import errors
from pfmp_saas.accidents.audit import ACCIDENTS, COPIED, CORRECTED, DECLARED, RECORDED, WITHDRAWN
from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import AccidentState
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import AccidentDeclared, AccidentRecorded, AccidentWithdrawn, emit
from pfmp_saas.core.moves import advance, locked, move
from pfmp_saas.core.storage import StoredFile, store
from pfmp_saas.evidence.register import by_account, enter
from pfmp_saas.law.clocks import AccidentClock, accident_deadline
from pfmp_saas.law.territories import first_held
from pfmp_saas.signing.scans import Scan
from pfmp_saas.types.loader import get_type


@dataclass(frozen=True)
class Facts:
    """What is told of an accident: instants in UTC, texts as typed. No health detail.

    ``known_at`` is when the declarant knew: the host in the general regime, the school in the agricultural one (R441-3,
    D751-3).
    """

    occurred_at: datetime
    known_at: datetime
    place: str
    circumstances: str
    commuting: bool = False
    activity: str = ""
    cause: str = ""
    witnesses: str = ""
    third_party: str = ""


@dataclass(frozen=True)
class Teller:
    """The account that records, and as whom: ``school``, ``host``, ``family`` or ``teacher``."""

    account_id: uuid.UUID
    capacity: str


def record_accident(
    session: Session, convention_id: uuid.UUID, facts: Facts, by: Teller, now: datetime
) -> Accident:
    """Record an accident of a signed convention and reckon the deadline of its declaration.

    Raises NotFound, Conflict before signature, DomainError on impossible instants.
    """
    row = _row(session, convention_id, facts, by, now)
    session.add(row)
    enter(session, ACCIDENTS, row, RECORDED, by_account(session, by.account_id, by.capacity), now)
    emit(session, AccidentRecorded(subject_id=row.id, at=now))
    return row


def _row(session: Session, convention_id: uuid.UUID, facts: Facts, by: Teller, now: datetime) -> Accident:
    clock = _clock(_signed(session, convention_id), facts.occurred_at, facts.known_at)
    if facts.known_at < facts.occurred_at or facts.known_at > now:
        raise errors.ImpossibleInstants
    return Accident(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        state=AccidentState.RECORDED,
        **asdict(facts),
        **_declaration(clock),
        recorded_by=by.account_id,
        recorded_as=by.capacity,
    )


def correct(session: Session, accident_id: uuid.UUID, facts: Facts, by: Teller, now: datetime) -> Accident:
    """Record what was told wrongly as a new entry; the former stays readable. What was declared stays declared.

    Raises NotFound, Conflict, DomainError.
    """
    former = locked(session, Accident, accident_id)
    row = _row(session, former.convention_id, facts, by, now)
    declared = ("state", "declared_at", "declaration_means", "sent_on", "proof_id", "copied_at")
    for name in declared:
        setattr(row, name, getattr(former, name))
    row.corrects_id = former.id
    advance(former, "correct")
    session.add(row)
    actor = by_account(session, by.account_id, by.capacity)
    enter(session, ACCIDENTS, former, CORRECTED, actor, now)
    enter(session, ACCIDENTS, row, RECORDED, actor, now)
    emit(session, AccidentWithdrawn(subject_id=former.id, at=now))
    emit(session, AccidentRecorded(subject_id=row.id, at=now))
    return row


def withdraw(session: Session, accident_id: uuid.UUID, why: str, by: Teller, now: datetime) -> Accident:
    """Take back an accident recorded by mistake: it stays in the register as withdrawn, and reminds nobody any more.

    Raises NotFound, Conflict, DomainError without a reason.
    """
    row = locked(session, Accident, accident_id)
    if not why.strip():
        raise errors.NoWithdrawal
    advance(row, "withdraw")
    row.withdrawn_at, row.withdrawal_reason = now, why.strip()[:300]
    enter(session, ACCIDENTS, row, WITHDRAWN, by_account(session, by.account_id, by.capacity), now)
    emit(session, AccidentWithdrawn(subject_id=row.id, at=now))
    return row


def copied(session: Session, accident_id: uuid.UUID, by: Teller, now: datetime) -> Accident:
    """Note that the school has its copy of a host's declaration. Raises NotFound, Conflict before it is declared."""
    row = move(session, Accident, accident_id, "copy")
    row.copied_at = row.copied_at or now
    enter(session, ACCIDENTS, row, COPIED, by_account(session, by.account_id, by.capacity), now)
    return row


def _declaration(clock: AccidentClock) -> dict[str, Any]:
    """Return the columns of an accident that its legal clock gives."""
    return {name: getattr(clock, name) for name in ("declarant", "recipient", "timezone", "deadline")}


def _signed(session: Session, convention_id: uuid.UUID) -> Convention:
    convention = conventions.get(session, convention_id)
    if convention.state != ConventionState.SIGNED:
        raise errors.NotOnSigned
    return convention


def _clock(convention: Convention, occurred_at: datetime, known_at: datetime) -> AccidentClock:
    """Return the legal clock of the declaration, at the declarant's place."""
    regime = get_type(convention.type_slug).accident_regime
    host, school = convention.data.get("host") or {}, convention.data.get("school") or {}
    declarant = school if regime == "agricultural" else host
    return accident_deadline(
        regime=regime,
        territory=first_held(declarant.get("territory"), school.get("territory")),
        known_at=known_at,
        occurred_at=occurred_at,
        host_regime="msa" if host.get("regime") == "msa" else "general",
    )


@dataclass(frozen=True)
class Sending:
    """How a declaration left: by what means, on which local day where that is known, the proof of it as a file."""

    means: str
    sent_on: date | None = None
    proof: Scan | None = None


def declare(
    session: Session, accident_id: uuid.UUID, sending: Sending, by: Teller, now: datetime
) -> Accident:
    """Record that the declaration was sent, how, when and by which account; its proof is kept.

    Raises NotFound, Conflict, DomainError without a means or with a day that can't be.
    """
    row = locked(session, Accident, accident_id)
    if not sending.means.strip():
        raise errors.NoMeans
    zone = ZoneInfo(row.timezone)
    first, last = (at.astimezone(zone).date() for at in (row.occurred_at, now))
    if sending.sent_on and not first <= sending.sent_on <= last:
        raise errors.SentBefore
    advance(row, "declare")
    row.declared_at, row.declaration_means, row.sent_on = now, sending.means.strip()[:300], sending.sent_on
    if sending.proof:
        row.proof_id = _keep(session, sending.proof).id
    enter(session, ACCIDENTS, row, DECLARED, by_account(session, by.account_id, by.capacity), now)
    emit(session, AccidentDeclared(subject_id=row.id, at=now))
    return row


def _keep(session: Session, proof: Scan) -> StoredFile:
    name = f"preuve-envoi.{proof.extension}"
    return store(session, name=name, content=proof.content, media_type=proof.media_type)
