"""A log whose tail was lost goes on, and shows it: an event in the log, and a signed checkpoint that names what was lost.

The event is the service's, the checkpoint its own process's: neither machine restarts a log alone, and the audit holds
each to the other. Whoever still has a checkpoint of the lost part sees that it was declared lost, when and why.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.checkpoint.keys import all_keys, public_of
from pfmp_saas.evidence.checkpoint.note import verify
from pfmp_saas.evidence.events import StoredEvent, readable
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.use_cases import PLATFORM, record
from pfmp_saas.evidence.verify.log.checkpoint import SignedHead, lost_by
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.tenants import queries as tenants

RESTARTED = "log-restarted"
_REASON = 300


@dataclass(frozen=True)
class Restart:
    """A restart that the log tells of: when (UTC), why, the head that was lost, and the place of its event, from 1."""

    at: datetime
    reason: str
    size: int
    root: str
    place: int


class BadReason(ValueError):
    """The reason is empty, too long, or carries a control character. The message is French."""


def declare_lost(session: Session, note: bytes, reason: str, now: datetime) -> StoredEvent:
    """Record that the current school's log lost everything that a checkpoint of it says beyond what it has now.

    ``now`` is UTC. Raises BadReason, and Wrong for a note that no key of this log signed.
    """
    lost = _signed(session, note)
    words = " ".join(reason.split())
    if not words or len(words) > _REASON or not words.isprintable():
        raise BadReason(f"le motif fait de 1 à {_REASON} caractères")
    return record(
        session,
        subject=f"administration:{tenants.here(session).uai}",
        kind=RESTARTED,
        actor=PLATFORM,
        document_hash=None,
        consent_text=None,
        now=now,
        payload={"reason": words, "lost_size": str(lost.size), "lost_root": root_text(lost.root)},
    )


def _signed(session: Session, note: bytes) -> SignedHead:
    """Return the head of a note that one of the log's own keys signed. Raises Wrong."""
    for row in all_keys(session):
        with suppress(Wrong):
            return verify(note.decode(), public_of(row))
    raise Wrong("ce relevé n’est signé par aucune clé du journal de l’établissement")


def root_text(root: bytes) -> str:
    """Return a root as checkpoints write it."""
    return base64.b64encode(root).decode()


def restarts(session: Session) -> list[Restart]:
    """Return the restarts of the current school's log, the oldest first."""
    mine = select(EvidenceEvent).where(EvidenceEvent.kind == RESTARTED).order_by(EvidenceEvent.log_index)
    return [_told(row) for row in session.scalars(mine)]


def _told(row: EvidenceEvent) -> Restart:
    event = readable(row.canonical)
    told = event.payload if event else {}
    size = str(told.get("lost_size", ""))
    root = str(told.get("lost_root", ""))
    return Restart(
        row.at, str(told.get("reason", "")), int(size) if size.isdigit() else 0, root, row.log_index + 1
    )


def _restarting(note: str) -> tuple[tuple[int, str] | None, SignedHead | None]:
    """Return what :func:`lost_by` does; nothing for a note that can't be read, which is a fault of its own."""
    try:
        return lost_by(note.encode())
    except Wrong:
        return None, None


def restart_faults(uai: str, subject: str, told: Sequence[Restart], notes: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each checkpoint that says to restart a log whose events say nothing of it, and the other way round."""
    signed = [(lost, head) for lost, head in map(_restarting, notes) if lost and head]
    for (size, root), head in signed:
        if not any((each.size, each.root) == (size, root) and each.place <= head.size for each in told):
            why = "un relevé dit que le journal a été repris, et aucun événement du journal ne le dit"
            yield Fault(uai, subject, head.size, "restart-untold", why)
    for each in told:
        if (each.size, each.root) not in [lost for lost, _ in signed]:
            why = "un événement dit que le journal a été repris, et aucun relevé signé ne le dit"
            yield Fault(uai, subject, each.place, "restart-unsigned", why)
