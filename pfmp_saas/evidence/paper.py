"""What evidence holds of a signature on paper: a commitment to who signed it, and the hash of the scan that is kept."""

import uuid
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.core.storage import StoredFile
from pfmp_saas.evidence.canonical import NotCanonical
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.events import PAPER, Event, commit, read_event
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt

SIGNER = "signer"
"""The name under which the payload commits to the person who signed the paper."""


def paper_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield what is wrong between the current tenant's paper signatures and what is kept of them."""
    of_signer = (EvidenceSalt.event_id == EvidenceEvent.id) & (EvidenceSalt.name == SIGNER)
    statement = select(EvidenceEvent, EvidenceSalt).outerjoin(EvidenceSalt, of_signer)
    for row, salt in session.execute(statement.where(EvidenceEvent.kind == PAPER)):
        try:
            event = read_event(row.canonical)
        except NotCanonical:
            continue  # the chain has said so
        for found in (_of_person(event, salt), _of_scan(session, event)):
            if found:
                yield Fault(uai, row.subject, row.sequence, *found)


def _of_person(event: Event, kept: EvidenceSalt | None) -> tuple[str, str] | None:
    if kept and kept.erased_at is not None and kept.value is None and kept.salt is None:
        return None
    if kept is None or kept.value is None or kept.salt is None:
        return (
            "signer-missing",
            "le nom de qui a signé sur papier a disparu sans avoir été effacé dans les règles",
        )
    if commit(kept.salt, kept.value) != event.payload.get(SIGNER):
        return "signer-differs", "le nom gardé n’est pas celui de la personne qui a signé sur papier"
    return None


def _of_scan(session: Session, event: Event) -> tuple[str, str] | None:
    content = func.encode(func.sha256(StoredFile.content), "hex")
    kept = session.scalar(select(content).where(StoredFile.id == _identifier(event.payload.get("scan_file"))))
    if kept is None:
        return "scan-missing", "le scan de la signature sur papier a disparu"
    if kept != event.payload.get("scan_sha256"):
        return "scan-differs", "le scan gardé n’est pas celui de la signature sur papier"
    return None


def _identifier(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
