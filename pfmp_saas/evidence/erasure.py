"""Erasing people from the evidence: their salts are destroyed, every hash stays, and an event says that it was done."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.core.addresses import travelling
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.events import BECAUSE, ERASED, ON_REQUEST, RETENTION, read_event, readable
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt
from pfmp_saas.evidence.use_cases import PLATFORM, record


def erase(session: Session, email: str, now: datetime) -> int:
    """Make a person unreadable in the current school's evidence by destroying every salt of that address.

    The commitments stay, and so every hash; nobody can open them any more. Each subject concerned gets an event that
    says so. Returns how many commitments were closed; 0 for an address that evidence does not know.
    """
    known = func.lower(EvidenceSalt.value).endswith(f"<{travelling(email)}>", autoescape=True)
    statement = select(EvidenceSalt, EvidenceEvent.subject, EvidenceEvent.sequence)
    rows = session.execute(
        statement.join(EvidenceEvent, EvidenceEvent.id == EvidenceSalt.event_id).where(known)
    )
    whose = ((salt, subject, sequence) for salt, subject, sequence in rows)
    return _close(session, whose, ON_REQUEST, now)


def erase_document(session: Session, subject: str, document_hash: str | None, now: datetime) -> int:
    """Make unreadable everybody in the events about one document of the current school, whose retention has ended.

    Without a hash: in the events of a subject that is no document, and the rows that they commit to. As :func:`erase`. Returns how many commitments were closed.
    """
    statement = select(EvidenceSalt, EvidenceEvent).join(
        EvidenceEvent, EvidenceEvent.id == EvidenceSalt.event_id
    )
    rows = session.execute(
        statement.where(EvidenceEvent.subject == subject, EvidenceSalt.erased_at.is_(None))
    )
    about = (
        (salt, event.subject, event.sequence)
        for salt, event in rows
        if read_event(event.canonical).document_hash == document_hash
    )
    return _close(session, about, RETENTION, now)


def _close(
    session: Session, salts: Iterable[tuple[EvidenceSalt, str, int]], because: str, now: datetime
) -> int:
    """Destroy salts and write an event about it on each subject concerned; return how many were destroyed."""
    closed: dict[str, list[int]] = {}
    for salt, subject, sequence in salts:
        salt.value, salt.salt, salt.erased_at = None, None, now
        closed.setdefault(subject, []).append(sequence)
    for subject, sequences in sorted(closed.items()):
        places = " ".join(str(each) for each in sorted(sequences))
        record(
            session,
            subject=subject,
            kind=ERASED,
            actor=PLATFORM,
            document_hash=None,
            consent_text=None,
            now=now,
            payload={"events": places, BECAUSE: because},
        )
    return sum(len(each) for each in closed.values())


def erasure_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each event of the current school whose salt is said to be erased, and no event says so.

    Whoever erased a salt by SQL could otherwise change a name beside it, and be believed.
    """
    said = _said(session)
    statement = select(EvidenceEvent.subject, EvidenceEvent.sequence).join(
        EvidenceSalt, EvidenceSalt.event_id == EvidenceEvent.id
    )
    for subject, sequence in session.execute(statement.where(EvidenceSalt.erased_at.is_not(None)).distinct()):
        if (subject, sequence) not in said:
            why = "un sel est dit effacé, et la preuve ne le dit pas"
            yield Fault(uai, subject, sequence, "erasure-unrecorded", why)


def _said(session: Session) -> set[tuple[str, int]]:
    """Return the events, by subject and sequence, whose erasure the evidence states."""
    said: set[tuple[str, int]] = set()
    for row in session.scalars(select(EvidenceEvent).where(EvidenceEvent.kind == ERASED)):
        event = readable(row.canonical)
        places = str(event.payload.get("events", "")).split() if event else ()
        said |= {(row.subject, int(place)) for place in places}
    return said
