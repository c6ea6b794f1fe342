"""Reading evidence, and replaying it: chains, log and checkpoints, in one pass over the events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, selectinload

from pfmp_saas.core.database import current_tenant
from pfmp_saas.evidence.chain import Fault, Head, replay
from pfmp_saas.evidence.checkpoint.compare import CheckpointRow, compare
from pfmp_saas.evidence.checkpoint.cosigned import cosignature_faults
from pfmp_saas.evidence.checkpoint.keys import all_keys
from pfmp_saas.evidence.checkpoint.models import SecondStamp, StoredCheckpoint
from pfmp_saas.evidence.erasure import erasure_faults
from pfmp_saas.evidence.events import StoredEvent, text_leaf_hash
from pfmp_saas.evidence.log.models import LogHead, LogNode
from pfmp_saas.evidence.log.replay import Rebuilt, differing
from pfmp_saas.evidence.log.store import unpacked
from pfmp_saas.evidence.models import ChainHead, EvidenceEvent, EvidenceSalt
from pfmp_saas.evidence.paper import paper_faults
from pfmp_saas.evidence.people import People
from pfmp_saas.evidence.restart import Restart, restart_faults, restarts
from pfmp_saas.tenants.models import Establishment

LOG = "journal"
"""The subject under which the log's own faults are told; their sequence is a place in it, from 1."""
_MOST_MISSING = 20
_AT_ONCE = 2000
_CHUNK = 4096  # nodes that come as one value


@dataclass(frozen=True)
class Audit:
    """The result of a replay in one school: how much it read, and every fault."""

    chains: int
    events: int
    faults: tuple[Fault, ...]
    checkpoints: int = 0
    stamped: int = 0
    waiting: int = 0
    erased: tuple[tuple[date, int], ...] = ()
    """How many people's commitments were closed for ever, by day (UTC)."""
    taken_in: tuple[tuple[date, int], ...] = ()
    """How many rows entered the evidence after they were written, by day (UTC): nothing vouches for them before it."""
    restarts: tuple[Restart, ...] = ()
    """The times at which the log went on after its tail was lost."""


def events_of(session: Session, subject: str) -> list[EvidenceEvent]:
    """Return a subject's events of the current tenant, in their order."""
    statement = select(EvidenceEvent).where(EvidenceEvent.subject == subject)
    return list(session.scalars(statement.order_by(EvidenceEvent.sequence, EvidenceEvent.id)))


def audit(
    session: Session,
    now: datetime,
    *,
    outside: Sequence[str] = (),
    roots: Sequence[bytes] = (),
    authorities: Sequence[bytes] = (),
) -> Audit:
    """Replay every chain of the current tenant, then its log, then compare it with every checkpoint.

    ``now`` is the instant (UTC) at which timestamps are judged; ``outside`` are checkpoints of this tenant that
    someone else held; ``roots`` (PEM) vouch for the log's keys and ``authorities`` (PEM) for timestamps: without
    them, those are not judged.
    """
    uai = session.get_one(Establishment, current_tenant(session)).uai
    log = Rebuilt(_size(session))
    people = People()
    chains, events, faults = _chains(session, uai, log, people)
    faults += paper_faults(session, uai)
    faults += erasure_faults(session, uai)
    log.build()
    faults += _log_faults(session, uai, log)
    checkpoints = _checkpoints(session)
    for fault in compare(
        log, checkpoints, all_keys(session), outside, now=now, roots=roots, authorities=authorities
    ):
        faults.append(Fault(uai, LOG, fault.size, fault.code, fault.message))
    faults += cosignature_faults(session, uai, LOG)
    lost = restarts(session)
    faults += restart_faults(uai, LOG, lost, [checkpoint.note for checkpoint in checkpoints])
    stamped = sum(bool(checkpoint.stamps) for checkpoint in checkpoints)
    waiting = sum(checkpoint.waiting for checkpoint in checkpoints)
    erased = tuple(sorted(people.erased.items()))
    return Audit(
        chains, events, tuple(faults), len(checkpoints), stamped, waiting, erased, restarts=tuple(lost)
    )


def _size(session: Session) -> int:
    """Return the length of the log that its head states, at most a little more than there are events: the head may lie."""
    stated = session.scalar(select(LogHead.size)) or 0
    return min(stated, (session.scalar(select(func.count(EvidenceEvent.id))) or 0) + _MOST_MISSING)


def _chains(session: Session, uai: str, log: Rebuilt, people: People) -> tuple[int, int, list[Fault]]:
    """Replay the chains, and place every event in ``log``; return how many chains and events, and the faults."""
    heads = {row.subject: Head(row.length, row.head_hash) for row in session.scalars(select(ChainHead))}
    count, faults, seen = 0, [], set()
    for subject, rows in groupby(_rows(session), key=lambda row: row.subject):
        chain = list(rows)
        count += len(chain)
        seen.add(subject)
        faults += replay([_plain(row, uai) for row in chain], heads.get(subject), tenant=uai, subject=subject)
        for row in chain:
            if not log.put(row.log_index, bytes.fromhex(text_leaf_hash(row.canonical))):
                why = f"sa place dans le journal ({row.log_index + 1}) n’existe pas"
                faults.append(Fault(uai, subject, row.sequence, "log-beyond", why))
            if fault := people.judge(row.canonical, row.value, row.salt, row.erased_at):
                faults.append(Fault(uai, subject, row.sequence, *fault))
    for subject in sorted(set(heads) - seen):
        faults += replay([], heads[subject], tenant=uai, subject=subject)
    return len(seen | set(heads)), count, faults


def _rows(session: Session) -> Iterator[Row[Any]]:
    columns = (
        EvidenceEvent.subject,
        EvidenceEvent.sequence,
        EvidenceEvent.kind,
        EvidenceEvent.at,
        EvidenceEvent.previous_hash,
        EvidenceEvent.hash,
        EvidenceEvent.canonical,
        EvidenceEvent.log_index,
        EvidenceSalt.value,
        EvidenceSalt.salt,
        EvidenceSalt.erased_at,
    )
    actor = (EvidenceSalt.event_id == EvidenceEvent.id) & (EvidenceSalt.name == "actor")
    order = (EvidenceEvent.subject, EvidenceEvent.sequence, EvidenceEvent.id)
    statement = select(*columns).outerjoin(EvidenceSalt, actor).order_by(*order)
    return iter(session.execute(statement.execution_options(yield_per=_AT_ONCE)))


def _plain(row: Row[Any], uai: str) -> StoredEvent:
    return StoredEvent(
        tenant=uai,
        subject=row.subject,
        sequence=row.sequence,
        kind=row.kind,
        at=row.at,
        previous_hash=row.previous_hash,
        hash=row.hash,
        canonical=row.canonical,
    )


def _log_faults(session: Session, uai: str, log: Rebuilt) -> Iterator[Fault]:
    for index, _ in zip(log.missing(), range(_MOST_MISSING), strict=False):
        yield Fault(uai, LOG, index + 1, "log-missing", f"l’événement à la place {index + 1} a disparu")
    stored = dict(_depths(session))
    for level in range(max(log.levels, len(stored))):
        ours = log.level(level) if level < log.levels else b""
        for index in differing(ours, _chunks(session, level)):
            code = "log-node" if level else "log-differs"
            first = (index << level) + 1
            yield Fault(uai, LOG, first, code, _node_message(level, first, 1 << level))
    head = session.scalars(select(LogHead)).one_or_none()
    if head and log.peaks(log.size) != unpacked(head.peaks):
        yield Fault(uai, LOG, log.size, "log-head", "la tête du journal n’est pas celle de ses événements")


def _node_message(level: int, first: int, width: int) -> str:
    if not level:
        return f"l’événement à la place {first} n’est pas celui que le journal a reçu"
    return (
        f"un nœud du journal, sur les places {first} à {first + width - 1}, n’est pas celui de ses événements"
    )


def _depths(session: Session) -> Iterator[tuple[int, int]]:
    statement = select(LogNode.level, func.count()).group_by(LogNode.level)
    return ((level, count) for level, count in session.execute(statement))


def _chunks(session: Session, level: int) -> Iterator[bytes]:
    """Yield a level's stored hashes, many at once: a row each would cost more than computing them."""
    joined = func.string_agg(LogNode.hash, aggregate_order_by(literal(b""), LogNode.index))
    group = func.div(LogNode.index, _CHUNK)
    statement = select(joined).where(LogNode.level == level).group_by(group).order_by(group)
    return iter(session.scalars(statement.execution_options(yield_per=16)))


def _checkpoints(session: Session) -> list[CheckpointRow]:
    statement = select(StoredCheckpoint).options(selectinload(StoredCheckpoint.second))
    return [_stored(row) for row in session.scalars(statement.order_by(StoredCheckpoint.size))]


def _stored(row: StoredCheckpoint) -> CheckpointRow:
    asked: list[StoredCheckpoint | SecondStamp] = [row, *([row.second] if row.second else [])]
    stamps = tuple(each.stamp for each in asked if each.stamp)
    return CheckpointRow(
        row.note, row.size, row.root, stamps, waiting=any(each.stamp_due_at for each in asked)
    )
