"""The audit's part of `pfmp bench evidence`: a log filled at once, then replayed as `pfmp audit` does."""

import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.evidence.events import FIRST, Event, commit, new_nonce, new_salt, stored
from pfmp_saas.evidence.log.tree import Node, grow
from pfmp_saas.evidence.queries import audit
from pfmp_saas.tenants.models import Establishment

_A_SUBJECT = 10  # events of one convention, about
_AT_ONCE = 5000
_START = datetime(2026, 9, 1, 8, tzinfo=UTC)
_TABLES = {
    "evidence_events": ("id uuid", "tenant_id uuid", "subject text", "sequence int", "kind text",
                        "at timestamptz", "previous_hash text", "hash text", "canonical text", "log_index bigint"),
    "evidence_salts": ("id uuid", "tenant_id uuid", "event_id uuid", "name text", "value text", "salt bytea"),
    "chain_heads": ("id uuid", "tenant_id uuid", "subject text", "length int", "head_hash text"),
    "log_nodes": ("tenant_id uuid", "level int", "index bigint", "hash bytea"),
    "log_heads": ("tenant_id uuid", "size bigint", "peaks bytea"),
}  # fmt: skip


def audit_seconds(
    session: Session, events: int, server_seconds: Callable[[Session], float], settle: Callable[[], None]
) -> float:
    """Return the processor time, ours and the server process's, of auditing a school of ``events`` events.

    ``settle`` lets PostgreSQL count what it was given, as it does by itself a minute after rows come in.
    Raises LookupError if the audit finds anything wrong, or another number.
    """
    school = _school(session)
    enter_tenant(session, school.id)
    for table, rows in _rows(school, events):
        _insert(session, table, rows)
    session.commit()
    settle()
    enter_tenant(session, school.id)
    session.execute(text("select 1"))
    server, ours = server_seconds(session), time.process_time()
    found = audit(session, utc_now())
    taken = time.process_time() - ours + server_seconds(session) - server
    if (found.events, found.faults) != (events, ()):
        raise LookupError(f"{found.events} {found.faults[:3]}")
    return taken


def _school(session: Session) -> Establishment:
    enter_tenant(session, None)
    row = Establishment(
        id=uuid.uuid4(),
        uai="0000000A",
        name="Lycée mesuré",
        territory="21",
        timezone="Europe/Paris",
        type_slug="national-2016",
    )
    session.add(row)
    session.flush()
    return row


def _rows(school: Establishment, events: int) -> Iterator[tuple[str, Iterator[tuple[Any, ...]]]]:
    """Yield each table with its rows, in batches: events and salts, then heads, nodes."""
    peaks: list[bytes] = []
    nodes: list[Node] = []
    heads: list[tuple[Any, ...]] = []
    made = _events(school, events)
    while batch := list(islice(made, _AT_ONCE)):
        yield "evidence_events", (row for row, _ in batch)
        yield "evidence_salts", (salt for _, salt in batch)
        for row, _ in batch:
            grown, peaks = grow(row[9], peaks, bytes.fromhex(row[7]))
            nodes += grown
            if row[3] == _A_SUBJECT or row[9] == events - 1:
                heads.append((uuid.uuid4(), school.id, row[2], row[3], row[7]))
        yield "log_nodes", ((school.id, each.level, each.index, each.hash) for each in nodes)
        nodes.clear()
    yield "chain_heads", iter(heads)
    yield "log_heads", iter([(school.id, events, b"".join(peaks))])


def _events(school: Establishment, count: int) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Yield events of subjects in turn, each with its salt."""
    before = FIRST
    for index in range(count):
        sequence = index % _A_SUBJECT + 1
        before = FIRST if sequence == 1 else before
        salt, event_id = new_salt(), uuid.uuid4()
        person = f"Personne {index} <personne{index}@exemple.example>"
        row = stored(_event(school.uai, index, sequence, before, commit(salt, person)))
        before = row.hash
        columns = (row.subject, row.sequence, row.kind, row.at, row.previous_hash, row.hash, row.canonical)
        yield (event_id, school.id, *columns, index), (
            uuid.uuid4(), school.id, event_id, "actor", person, salt,
        )  # fmt: skip


def _event(uai: str, index: int, sequence: int, before: str, actor: str) -> Event:
    return Event(
        tenant=uai,
        subject=f"convention:{uuid.UUID(int=index // _A_SUBJECT)}",
        sequence=sequence,
        previous_hash=before,
        kind="signed",
        at=_START + timedelta(seconds=index),
        nonce=new_nonce(),
        actor=actor,
        capacity="Enseignant référent",
        authenticated="email-link",
        consent_hash=actor,
        document_hash=actor,
        payload={"field": "referent"},
    )


def _insert(session: Session, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    columns = [column.split() for column in _TABLES[table]]
    values = list(zip(*rows, strict=True))
    if not values:
        return
    names = ", ".join(f'"{name}"' for name, _ in columns)
    arrays = ", ".join(f"cast(:v{rank} as {kind}[])" for rank, (_, kind) in enumerate(columns))
    statement = text(f"insert into {table} ({names}) select * from unnest({arrays})")  # noqa: S608 - constants above
    session.execute(statement, {f"v{rank}": list(column) for rank, column in enumerate(values)})
