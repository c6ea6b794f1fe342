"""Reading the current school's checkpoints."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.evidence.models import EvidenceEvent


def latest(session: Session, most: int, *, below: int | None = None) -> Sequence[StoredCheckpoint]:
    """Return the newest checkpoints of the current school, or the newest below a size; the newest first."""
    statement = select(StoredCheckpoint).where(StoredCheckpoint.tenant_id == current_tenant(session))
    if below is not None:
        statement = statement.where(StoredCheckpoint.size < below)
    return session.scalars(statement.order_by(StoredCheckpoint.size.desc()).limit(most)).all()


def of_size(session: Session, size: int) -> StoredCheckpoint | None:
    """Return the checkpoint that the current school's log got at a size."""
    mine = (StoredCheckpoint.tenant_id == current_tenant(session), StoredCheckpoint.size == size)
    return session.scalars(select(StoredCheckpoint).where(*mine)).one_or_none()


def covering(session: Session, subject: str) -> StoredCheckpoint | None:
    """Return the newest checkpoint, if it covers all that happened to a subject."""
    last = session.scalar(
        select(func.max(EvidenceEvent.log_index)).where(
            EvidenceEvent.tenant_id == current_tenant(session), EvidenceEvent.subject == subject
        )
    )
    newest = latest(session, 1)
    return newest[0] if last is not None and newest and newest[0].size > last else None
