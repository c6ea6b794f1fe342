"""Appending to the current school's log: O(log n) hashes, two rows on average, and one row that is locked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import TextClause, bindparam, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from pfmp_saas.core.database import Base, current_tenant
from pfmp_saas.evidence.log.models import LogHead
from pfmp_saas.evidence.log.tree import grow, root_of
from pfmp_saas.evidence.merkle import HASH_BYTES, leaf_hash

NOTHING: Mapping[str, Any] = MappingProxyType({})
# The tables themselves, not the classes: no object of the session is concerned, and an act of signing costs less.
_HEADS = Base.metadata.tables[LogHead.__tablename__]
_LOCK = (
    select(_HEADS.c.size, _HEADS.c.peaks).where(_HEADS.c.tenant_id == bindparam("tenant")).with_for_update()
)
_GROW = """
    with grown as (update log_heads set size = :size, peaks = :peaks where tenant_id = :tenant),
    nodes as (
        insert into log_nodes (tenant_id, level, index, hash)
        select :tenant, node.level, node.index, node.hash
        from unnest(cast(:levels as smallint[]), cast(:indexes as bigint[]), cast(:hashes as bytea[]))
             as node (level, index, hash)
    )
"""


def appending(rest: str = "select 1") -> TextClause:
    """Return the statement that appends a leaf and does ``rest``: an act is one statement for all its rows.

    ``rest`` goes on after common table expressions; it may use ``:tenant`` and ``:log_index``.
    """
    return text(_GROW + rest)


_ALONE = appending()


def lock(session: Session) -> tuple[int, bytes]:
    """Lock the current school's log until the transaction ends; return its size and its peaks.

    Taken before a chain's head, never after: two transactions that each write to two chains can then not wait
    for each other.
    """
    tenant = current_tenant(session)
    row = session.execute(_LOCK, {"tenant": tenant}).one_or_none()
    if row is None:
        values = {"tenant_id": tenant, "size": 0, "peaks": b""}
        session.execute(upsert(LogHead).values(values).on_conflict_do_nothing())
        row = session.execute(_LOCK, {"tenant": tenant}).one()
    return row.size, row.peaks


def append(
    session: Session,
    locked: tuple[int, bytes],
    leaf: bytes,
    statement: TextClause = _ALONE,
    values: Mapping[str, Any] = NOTHING,
) -> int:
    """Append one leaf (its data, not its hash) to the current school's log; return its index, from 0.

    ``locked`` is what :func:`lock` returned in this transaction, with nothing appended since; ``statement`` is one that
    :func:`appending` made, ``values`` what its rest uses.
    """
    size, packed = locked
    nodes, peaks = grow(size, unpacked(packed), leaf_hash(leaf))
    own = {
        "tenant": current_tenant(session),
        "log_index": size,
        "size": size + 1,
        "peaks": b"".join(peaks),
        "levels": [node.level for node in nodes],
        "indexes": [node.index for node in nodes],
        "hashes": [node.hash for node in nodes],
    }
    session.execute(statement, {**values, **own})
    return size


def size_and_root(session: Session) -> tuple[int, bytes]:
    """Return how many leaves the current school's log has, and its root."""
    statement = select(LogHead.size, LogHead.peaks).where(LogHead.tenant_id == current_tenant(session))
    row = session.execute(statement).one_or_none()
    return (row.size, root_of(unpacked(row.peaks))) if row else (0, root_of([]))


def unpacked(peaks: bytes) -> list[bytes]:
    """Return the peaks that a head row stores end to end."""
    return [peaks[start : start + HASH_BYTES] for start in range(0, len(peaks), HASH_BYTES)]
