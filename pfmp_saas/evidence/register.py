"""The register: rows of the database whose every covered column is in the evidence, and the audit of them.

What is no document to sign (an accident, an evaluation, a follow-up, a school's settings) enters the log by an event
that commits to the row's columns. Whoever edits such a row by SQL changes a value that no event commits to.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account
from pfmp_saas.accounts.queries import place_of
from pfmp_saas.core.database import Base, TenantOwned, current_tenant
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.erasure import erase_document
from pfmp_saas.evidence.events import BECAUSE, ERASED, RETENTION, Event, readable
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt
from pfmp_saas.evidence.rows import ROW, differing
from pfmp_saas.evidence.use_cases import PLATFORM, Actor, record
from pfmp_saas.tenants import queries as tenants

TAKEN_IN = "taken-in"
"""The kind of the event of a row that is older than the register: what the database said when it was taken in."""

BY_ACCOUNT = "account"


@dataclass(frozen=True)
class Kept:
    """A kind of row of the register: the name of its subjects, its model, the columns covered, its name in French.

    ``entered`` is the condition under which a row must be in the evidence: none for all rows.
    """

    subject: str
    model: type[Any]
    columns: tuple[str, ...]
    french: str
    entered: ColumnElement[bool] | None = None

    def subject_of(self, row_id: uuid.UUID) -> str:
        """Return the subject of a row in the evidence."""
        return f"{self.subject}:{row_id}"

    def values(self, row: Base) -> dict[str, object]:
        """Return the values of a row's covered columns."""
        return {name: getattr(row, name) for name in self.columns}


def by_account(session: Session, account_id: uuid.UUID, capacity: str) -> Actor:
    """Return the person of an account, signed in, as the actor of an event."""
    account = session.get_one(Account, account_id)
    here = place_of(session, tenants.here(session), account.id)
    return Actor(here.person or account.name, account.email, capacity, BY_ACCOUNT)


def enter(session: Session, kept: Kept, row: Any, kind: str, actor: Actor, now: datetime) -> None:
    """Record what a row says from now on: one event of its subject, with a commitment to each covered column."""
    session.flush()
    record(
        session,
        subject=kept.subject_of(row.id),
        kind=kind,
        actor=actor,
        document_hash=None,
        consent_text=None,
        now=now,
        columns=kept.values(row),
    )


def forget(session: Session, kept: Kept, row_ids: Iterable[uuid.UUID], now: datetime) -> None:
    """Close the commitments to rows whose retention has ended; whoever calls deletes the rows."""
    for row_id in row_ids:
        erase_document(session, kept.subject_of(row_id), None, now)


def take_in(session: Session, kept: Kept, now: datetime) -> int:
    """Enter the current school's rows that are older than the register; return how many there were."""
    known = set(_book(session, kept))
    older = [row for row in _rows(session, kept) if row.id not in known]
    for row in older:
        enter(session, kept, row, TAKEN_IN, PLATFORM, now)
    return len(older)


@dataclass(frozen=True)
class _Entry:
    """One event of a row: its place, its commitments and their salt, None once it was destroyed."""

    sequence: int
    stated: Mapping[str, str]
    salt: bytes | None


@dataclass
class _Page:
    """The events of one row in their order, and which of them an erasure names."""

    entries: list[_Entry]
    erased: set[int]

    def latest(self) -> dict[str, _Entry]:
        """Return the last entry that states each column."""
        return {name: entry for entry in self.entries for name in entry.stated}

    def is_erased(self) -> bool:
        """Return whether the end of its retention closed every entry, and the evidence says so."""
        return all(not entry.salt and entry.sequence in self.erased for entry in self.entries)


def row_faults(session: Session, uai: str, kept: Kept) -> Iterator[Fault]:
    """Yield a fault for each row of a kind that is not what the evidence last said of it, naming row and column."""
    book = _book(session, kept)
    for row in _rows(session, kept, book):
        subject, page = kept.subject_of(row.id), book.pop(row.id, None)
        if page is None:
            yield Fault(
                uai, subject, 0, "row-unrecorded", f"{kept.french} : aucun événement ne dit cette ligne"
            )
        elif page.is_erased():
            why = "la preuve la dit effacée, et la ligne est là"
            yield Fault(uai, subject, 0, "row-erased", f"{kept.french} : {why}")
        else:
            yield from _differences(uai, kept, row, page)
    for row_id, page in book.items():
        if not page.is_erased():
            why = f"{kept.french} : la ligne a disparu sans avoir été effacée dans les règles"
            yield Fault(uai, kept.subject_of(row_id), page.entries[-1].sequence, "row-missing", why)


def _differences(uai: str, kept: Kept, row: Any, page: _Page) -> Iterator[Fault]:
    for name, entry in page.latest().items():
        if differing(entry.salt, {name: entry.stated[name]}, {name: getattr(row, name)}):
            why = f"{kept.french} : la colonne {name} n’est pas celle que la preuve a vu écrire"
            yield Fault(uai, kept.subject_of(row.id), entry.sequence, "row-differs", why)


def _rows(session: Session, kept: Kept, book: Iterable[uuid.UUID] = ()) -> list[Any]:
    """Return the rows that must be in the evidence, and those that it knows."""
    statement = select(kept.model).execution_options(populate_existing=True)
    if not issubclass(kept.model, TenantOwned):
        statement = statement.where(kept.model.id == current_tenant(session))
    if kept.entered is not None:
        statement = statement.where(kept.entered | kept.model.id.in_(list(book)))
    return list(session.scalars(statement))


def _book(session: Session, kept: Kept) -> dict[uuid.UUID, _Page]:
    """Return what the evidence says of each row of a kind."""
    salts = (EvidenceSalt.event_id == EvidenceEvent.id) & (EvidenceSalt.name == ROW)
    statement = (
        select(EvidenceEvent.subject, EvidenceEvent.canonical, EvidenceSalt.salt)
        .outerjoin(EvidenceSalt, salts)
        .where(EvidenceEvent.subject.startswith(f"{kept.subject}:"))
        .order_by(EvidenceEvent.subject, EvidenceEvent.sequence)
    )
    book: dict[uuid.UUID, _Page] = {}
    for subject, canonical, salt in session.execute(statement):
        event = readable(canonical)
        if event is None:
            continue
        page = book.setdefault(uuid.UUID(subject.partition(":")[2]), _Page([], set()))
        _write(page, event, salt)
    return {row_id: page for row_id, page in book.items() if page.entries}


def _write(page: _Page, event: Event, salt: bytes | None) -> None:
    if event.kind == ERASED:
        if event.payload.get(BECAUSE) == RETENTION:
            page.erased |= {int(number) for number in str(event.payload.get("events", "")).split()}
    else:
        page.entries.append(_Entry(event.sequence, event.payload.get(ROW) or {}, salt))
