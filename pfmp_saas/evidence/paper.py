"""Evidence of a signature on paper: a commitment to the person who signed it, and the hash of the stored scan."""

import uuid
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.core.storage import StoredFile
from pfmp_saas.evidence.canonical import NotCanonical
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.events import PAPER, Event, read_event
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt
from pfmp_saas.evidence.people import commitment_fault

SIGNER = "signer"
"""The name under which the payload commits to the person who signed the paper."""
_MESSAGES = {
    "missing": "le nom de qui a signé sur papier a disparu sans avoir été effacé dans les règles",
    "differs": "le nom gardé n’est pas celui de la personne qui a signé sur papier",
}


def paper_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each paper signature of the current tenant whose salt or scan is not what its event says."""
    of_signer = (EvidenceSalt.event_id == EvidenceEvent.id) & (EvidenceSalt.name == SIGNER)
    statement = select(EvidenceEvent, EvidenceSalt).outerjoin(EvidenceSalt, of_signer)
    for row, salt in session.execute(statement.where(EvidenceEvent.kind == PAPER)):
        try:
            event = read_event(row.canonical)
        except NotCanonical:
            continue  # the chain has said so
        for fault in (_of_person(event, salt), _of_scan(session, event)):
            if fault:
                yield Fault(uai, row.subject, row.sequence, *fault)


def _of_person(event: Event, row: EvidenceSalt | None) -> tuple[str, str] | None:
    value, salt, erased_at = (row.value, row.salt, row.erased_at) if row else (None, None, None)
    fault = commitment_fault(event.payload.get(SIGNER), value, salt, erased_at)
    return (f"signer-{fault}", _MESSAGES[fault]) if fault else None


def _of_scan(session: Session, event: Event) -> tuple[str, str] | None:
    content = func.encode(func.sha256(StoredFile.content), "hex")
    digest = session.scalar(
        select(content).where(StoredFile.id == _identifier(event.payload.get("scan_file")))
    )
    if digest is None:
        return "scan-missing", "le scan de la signature sur papier a disparu"
    if digest != event.payload.get("scan_sha256"):
        return "scan-differs", "le scan gardé n’est pas celui de la signature sur papier"
    return None


def _identifier(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
