"""Cosignatures of checkpoints: asked for like timestamps, stored beside the note. The next checkpoint does not wait for them."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.checkpoint.make import next_try
from pfmp_saas.evidence.checkpoint.models import Cosignature, StoredCheckpoint
from pfmp_saas.evidence.checkpoint.witnesses import Behind, WitnessAddress, WitnessFailed
from pfmp_saas.evidence.log import proofs
from pfmp_saas.evidence.verify.log.cosignature import cosigned_at, read_witness
from pfmp_saas.evidence.verify.report import Wrong

_OVERTAKEN = "un relevé plus récent est cosigné à sa place"
log = logging.getLogger(__name__)


def want(session: Session, row: StoredCheckpoint, witnesses: Sequence[WitnessAddress], now: datetime) -> None:
    """Ask for every witness's cosignature of a checkpoint that was just made; those of the ones before lapse.

    A witness never goes back: once it saw a longer log it cosigns no shorter one.
    """
    waiting = select(Cosignature).where(
        Cosignature.tenant_id == row.tenant_id, Cosignature.due_at.is_not(None)
    )
    for before in session.scalars(waiting):
        before.due_at, before.error = None, _OVERTAKEN
    for each in witnesses:
        session.add(
            Cosignature(
                tenant_id=row.tenant_id, checkpoint_id=row.id, witness=each.key, due_at=now, attempts=0
            )
        )
    session.flush()


def due(session: Session, now: datetime, most: int = 20) -> Sequence[Cosignature]:
    """Return the cosignatures to ask for at ``now`` (UTC), in every school, the longest waiting first."""
    statement = select(Cosignature).where(Cosignature.line.is_(None), Cosignature.due_at <= now)
    return session.scalars(statement.order_by(Cosignature.due_at).limit(most)).all()


def ask(session: Session, row: Cosignature, address: WitnessAddress, now: datetime) -> None:
    """Ask one witness, in the scope of the row's school; a failure is noted with the time of the next try."""
    checkpoint = session.get_one(StoredCheckpoint, row.checkpoint_id)
    row.attempts += 1
    try:
        row.line = _line(session, checkpoint, address)
    except WitnessFailed as failure:
        row.error = str(failure)
        row.due_at = next_try(now, row.attempts)
        log.warning("relevé sans cosignature (essai %s) : %s", row.attempts, failure)
    else:
        row.error, row.due_at = None, None


def _line(session: Session, checkpoint: StoredCheckpoint, address: WitnessAddress) -> str:
    """Ask a witness with the proof from the last size it cosigned; when it answers another size, from that one."""
    known = _known(session, address.key)
    try:
        return address.ask(checkpoint.note, known, _proof(session, known, checkpoint.size))
    except Behind as behind:
        if behind.size > checkpoint.size:
            raise
        return address.ask(checkpoint.note, behind.size, _proof(session, behind.size, checkpoint.size))


def _known(session: Session, witness: str) -> int:
    statement = select(func.max(StoredCheckpoint.size)).join(
        Cosignature, Cosignature.checkpoint_id == StoredCheckpoint.id
    )
    mine = (
        Cosignature.tenant_id == current_tenant(session),
        Cosignature.witness == witness,
        Cosignature.line.is_not(None),
    )
    return session.scalar(statement.where(*mine)) or 0


def _proof(session: Session, old: int, new: int) -> list[bytes]:
    """Return the proof from a witness's size. Raises WitnessFailed where our own log has lost the nodes for it."""
    try:
        return proofs.consistency(session, old, new) if 0 < old < new else []
    except IndexError as error:
        raise WitnessFailed(
            f"le journal n’a plus de quoi prouver sa suite depuis {old} événements"
        ) from error


def of(session: Session, checkpoint: StoredCheckpoint) -> Sequence[Cosignature]:
    """Return the cosignatures asked for on a checkpoint, in the order of the witnesses' keys."""
    mine = select(Cosignature).where(Cosignature.checkpoint_id == checkpoint.id)
    return session.scalars(mine.order_by(Cosignature.witness)).all()


def cosigned_note(session: Session, checkpoint: StoredCheckpoint) -> str:
    """Return a checkpoint with the lines of its witnesses."""
    return checkpoint.note + "".join(row.line for row in of(session, checkpoint) if row.line)


def awaited(session: Session, checkpoint: StoredCheckpoint) -> bool:
    """Return whether a witness was asked for a checkpoint and has not answered yet."""
    return any(row.line is None and row.due_at is not None for row in of(session, checkpoint))


def cosignature_faults(session: Session, uai: str, subject: str) -> Iterator[Fault]:
    """Yield a fault for each stored cosignature of the current tenant that does not verify."""
    statement = select(Cosignature, StoredCheckpoint).join(
        StoredCheckpoint, StoredCheckpoint.id == Cosignature.checkpoint_id
    )
    for row, checkpoint in session.execute(statement.where(Cosignature.line.is_not(None))):
        try:
            cosigned_at((checkpoint.note + str(row.line)).encode(), read_witness(row.witness))
        except Wrong as wrong:
            yield Fault(uai, subject, checkpoint.size, "cosignature", str(wrong))
