"""Making checkpoints: one school at a time, and only one that continues those before it."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.retries import Pace
from pfmp_saas.evidence.checkpoint import note
from pfmp_saas.evidence.checkpoint.keys import active_key, signing_key
from pfmp_saas.evidence.checkpoint.models import LogKey, SecondStamp, StoredCheckpoint
from pfmp_saas.evidence.log import proofs
from pfmp_saas.evidence.log.models import LogHead
from pfmp_saas.evidence.log.store import size_and_root
from pfmp_saas.evidence.merkle import verify_consistency
from pfmp_saas.evidence.timestamping import StampFailed, TimestampAuthority
from pfmp_saas.evidence.verify.log.checkpoint import SignedHead, read_head
from pfmp_saas.evidence.verify.time.timestamp import imprint_of

PACE = Pace(timedelta(seconds=10), timedelta(hours=1))
"""Of what is asked of authorities and witnesses: never given up, whatever ``most`` says."""
log = logging.getLogger(__name__)
Row = TypeVar("Row", StoredCheckpoint, SecondStamp)


class Inconsistent(Exception):
    """The log does not continue what was signed before: nothing is signed. The message is French."""


class NothingLost(Exception):
    """A restart was asked of a log that lost nothing. The message is French."""


def schools_to_sign(session: Session) -> list[uuid.UUID]:
    """Return the schools whose log has a key and grew since its last checkpoint (or shrank, which is refused)."""
    last = (
        select(StoredCheckpoint.tenant_id, func.max(StoredCheckpoint.size).label("size"))
        .group_by(StoredCheckpoint.tenant_id)
        .subquery()
    )
    statement = (
        select(LogHead.tenant_id)
        .join(LogKey, LogKey.tenant_id == LogHead.tenant_id)
        .outerjoin(last, last.c.tenant_id == LogHead.tenant_id)
        .where(LogKey.retired_at.is_(None), LogHead.size != func.coalesce(last.c.size, 0))
    )
    return list(session.scalars(statement.order_by(LogHead.tenant_id)))


def school_of(session: Session, uai: str) -> uuid.UUID:
    """Return the school whose log ends in a UAI number, as the role that signs may know it; raises NothingLost."""
    named = select(LogKey.tenant_id).where(
        LogKey.retired_at.is_(None), LogKey.origin.endswith(f"/{uai}", autoescape=True)
    )
    found = session.scalars(named).one_or_none()
    if found is None:
        raise NothingLost(f"aucun journal n’est celui de {uai}")
    return found


def make(
    session: Session,
    kek: bytes,
    remembered: Mapping[str, str],
    *,
    stamped_from: datetime | None,
    second_from: datetime | None = None,
    restart: bool = False,
) -> StoredCheckpoint:
    """Sign the current school's head. ``remembered`` are the last notes kept outside the database, by origin.

    ``restart`` is for a log whose tail was lost: the note names the remembered head, which the log need not continue.
    ``stamped_from`` is when to ask for a timestamp (UTC), or None when no authority is configured, ``second_from``
    likewise for the second one.
    Raises Inconsistent when the log does not continue every checkpoint that is known.
    """
    key = active_key(session)
    assert key is not None
    size, root = size_and_root(session)
    outside = remembered.get(key.origin)
    for old in _known(session, None if restart else outside):
        _check_continues(session, old, size, root)
    text = note.body(key.origin, size, root)
    if restart:
        text = note.restarting(text, _lost(session, outside, size, root))
    signed = note.sign(text, key.origin, signing_key(session, key, kek))
    own = {"tenant_id": current_tenant(session), "stamp_attempts": 0}
    row = StoredCheckpoint(
        id=uuid.uuid4(), size=size, root=root, note=signed, stamp_due_at=stamped_from, **own
    )
    session.add(row)
    session.flush()
    if second_from:
        session.add(SecondStamp(checkpoint_id=row.id, stamp_due_at=second_from, **own))
        session.flush()
    return row


def _lost(session: Session, outside: str | None, size: int, root: bytes) -> SignedHead:
    """Return the remembered head that the log no longer continues; raises NothingLost when it does, or none is remembered."""
    if outside is None:
        raise NothingLost("aucun relevé de ce journal n’est gardé hors de la base")
    lost = read_head(outside.encode())
    try:
        _check_continues(session, lost, size, root)
    except Inconsistent:
        return lost
    raise NothingLost(
        f"{lost.origin} : le journal est la suite de son dernier relevé, il n’y a rien à reprendre"
    )


def _known(session: Session, outside: str | None) -> list[SignedHead]:
    """Return the heads that were signed last: by the table, and by the memory outside."""
    mine = select(StoredCheckpoint.note).where(StoredCheckpoint.tenant_id == current_tenant(session))
    notes = [*session.scalars(mine.order_by(StoredCheckpoint.size.desc()).limit(1)), outside]
    return [read_head(text.encode()) for text in notes if text]


def _check_continues(session: Session, old: SignedHead, size: int, root: bytes) -> None:
    if old.size == 0:
        return
    try:
        proof = proofs.consistency(session, old.size, size)
    except IndexError:
        raise Inconsistent(
            f"{old.origin} : le journal compte {size} événements, il en comptait {old.size}"
        ) from None
    if not verify_consistency(old.size, old.root, size, root, proof):
        raise Inconsistent(
            f"{old.origin} : le journal ({size}) n’est pas la suite de son relevé à {old.size} événements"
        )


def waiting_for_stamp(session: Session, model: type[Row], now: datetime, most: int = 20) -> Sequence[Row]:
    """Return the checkpoints that want a timestamp at ``now`` (UTC), in every school, the longest waiting first."""
    due = model.stamp.is_(None) & (model.stamp_due_at <= now)
    return session.scalars(select(model).where(due).order_by(model.stamp_due_at).limit(most)).all()


def stamp(row: StoredCheckpoint | SecondStamp, authority: TimestampAuthority, now: datetime) -> None:
    """Ask for a checkpoint's timestamp; a failure is noted with the time of the next try."""
    row.stamp_attempts += 1
    try:
        row.stamp = authority.stamp(imprint_of(row.digested.encode()), now)
    except StampFailed as failure:
        row.stamp_error = str(failure)
        row.stamp_due_at = next_try(now, row.stamp_attempts)
        log.warning("relevé sans horodatage (essai %s) : %s", row.stamp_attempts, failure)
    else:
        row.stamp_error, row.stamp_due_at = None, None


def next_try(now: datetime, attempts: int) -> datetime:
    """Return when to try again after so many failures: twice as late each time, an hour at most."""
    return now + PACE.wait(attempts)
