"""Signatures carried over to a corrected version: which may be, their signers' opposition, and the seal in the end.

What a correction changes concerns some of its signers: they sign again. Each other is told of it; without opposition
within five days the school's seal stands on the new version for the signature given on the earlier one, and names it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pfmp_saas.core.events import SignatureGiven, emit
from pfmp_saas.core.moves import advance, may
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.evidence.events import (
    CARRIED,
    CARRIED_ACT,
    CARRIED_CAPACITY,
    CARRIED_FIELD,
    CARRIED_VERSION,
    OBJECTED,
)
from pfmp_saas.evidence.paper import SIGNER
from pfmp_saas.evidence.use_cases import Actor, person
from pfmp_saas.signing import errors, reaching, texts
from pfmp_saas.signing.delays import after, last_day_to_object
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.opening import SignerSpec, write_event
from pfmp_saas.signing.sealing import seal_or_wait
from pfmp_saas.signing.states import Manner, RequestState, SignerState
from pfmp_saas.signing.use_cases import locked_signer
from pfmp_saas.tenants import queries as tenants

_AGAIN = timedelta(days=1)
"""When to look again whether the news of a change has reached its signer."""


def carried_to(
    former: SignatureRequest, specs: Iterable[SignerSpec], concerned: Collection[str]
) -> dict[str, Signer]:
    """Return, by field, the signatures that a corrected version takes over from a former one: of whom the change does not concern.

    Only a signature that stands in the former file, given by link or account, in the same capacity, whose signer can
    be written to. A name or an address that changes concerns its signer: the caller says so.
    """
    given = {signer.field: origin for signer in former.signers if (origin := _origin(signer))}
    return {
        spec.field: given[spec.field]
        for spec in specs
        if spec.field in given
        and spec.field not in concerned
        and spec.email
        and spec.capacity == given[spec.field].capacity
    }


def _origin(signer: Signer) -> Signer | None:
    """Return the signature that a signer gave and that may be carried further: this one, or the one it stands for."""
    if signer.is_carrying or signer.manner == Manner.CARRIED:
        return signer.carries
    stands = signer.state == SignerState.SIGNED and signer.sealed_at and signer.manner == Manner.ELECTRONIC
    return signer if stands else None


def oppose(session: Session, signer: Signer, now: datetime) -> None:
    """Note that a signer opposes the carrying of the signature given before: it is asked anew. The signer is locked."""
    if not signer.is_carrying:
        raise errors.NothingCarried
    advance(signer, "object")
    signer.objected_at = now
    actor = Actor(signer.name, signer.email, signer.capacity, texts.BY_LINK)
    write_event(session, signer.request, OBJECTED, actor, None, now, {CARRIED_FIELD: signer.field})


def carry(session: Session, item: DueItem, kek: bytes, now: datetime) -> None:
    """Carry over a signature that nobody opposed in time; put off while its news has reached nobody, or the wrong person."""
    signer, request = locked_signer(session, item.subject_id)
    if request.state != RequestState.OPEN or not signer.is_carrying or signer.carries is None:
        return
    zone = ZoneInfo(tenants.here(session).timezone)
    told = None if signer.questioned_at else reaching.told_since(session, signer)
    due = after(last_day_to_object(told, zone), zone) if told else now + _AGAIN
    if due > now:
        schedule(session, DueKind.CARRY, signer.id, str(int(item.occurrence) + 1), due_at=due)
        return
    may(signer, "carry")
    _record(session, request, signer, signer.carries, zone, now)
    advance(signer, "carry")
    signer.manner, signer.signed_at = Manner.CARRIED, now
    emit(session, SignatureGiven(subject_id=signer.id, at=now, how=texts.CARRIED_OVER))
    seal_or_wait(session, request, signer, kek, now)
    session.flush()


def _record(
    session: Session, request: SignatureRequest, signer: Signer, given: Signer, zone: ZoneInfo, now: datetime
) -> None:
    """Write the event: its actor is the school, its payload names the act, its place and its version, and no person."""
    school, on = tenants.here(session), given.signed_at
    assert on is not None  # it was given
    payload = {
        CARRIED_FIELD: signer.field,
        CARRIED_CAPACITY: signer.capacity,
        CARRIED_VERSION: given.request.frozen_hash,
        CARRIED_ACT: given.event_hash or "",
        "signed_on": on.astimezone(zone).date().isoformat(),
    }
    seal = Actor(school.name, school.uai, "establishment", "platform-seal")
    people = {SIGNER: person(signer.name, signer.email)}
    event = write_event(session, request, CARRIED, seal, None, now, payload, people)
    signer.event_hash = event.hash
