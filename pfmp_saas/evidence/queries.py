"""Reading evidence, and replaying it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.evidence.chain import Fault, Head, replay
from pfmp_saas.evidence.events import StoredEvent
from pfmp_saas.evidence.models import ChainHead, EvidenceEvent
from pfmp_saas.tenants.models import Establishment


@dataclass(frozen=True)
class Audit:
    """What a replay found in one school: how much it read, and every fault."""

    chains: int
    events: int
    faults: tuple[Fault, ...]


def events_of(session: Session, subject: str) -> list[EvidenceEvent]:
    """Return a subject's events of the current tenant, in their order."""
    statement = select(EvidenceEvent).where(EvidenceEvent.subject == subject)
    return list(session.scalars(statement.order_by(EvidenceEvent.sequence, EvidenceEvent.id)))


def audit(session: Session) -> Audit:
    """Replay every chain of the current tenant against its recorded head."""
    uai = session.get_one(Establishment, current_tenant(session)).uai
    heads = {row.subject: Head(row.length, row.head_hash) for row in session.scalars(select(ChainHead))}
    subjects = set(heads) | set(session.scalars(select(EvidenceEvent.subject).distinct()))
    count, faults = 0, []
    for subject in sorted(subjects):
        rows = [_plain(row, uai) for row in events_of(session, subject)]
        count += len(rows)
        faults += replay(rows, heads.get(subject), tenant=uai, subject=subject)
    return Audit(len(subjects), count, tuple(faults))


def _plain(row: EvidenceEvent, uai: str) -> StoredEvent:
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
