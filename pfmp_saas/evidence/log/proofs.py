"""Proofs from the stored nodes: O(log n) rows in one query, whatever the length of the log."""

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.evidence.log.models import LogNode
from pfmp_saas.evidence.log.tree import Range, consistency_ranges, cover, inclusion_ranges, root_of


def inclusion(session: Session, index: int, size: int) -> list[bytes]:
    """Return the path from leaf ``index`` (from 0) to the root of the current school's first ``size`` events.

    Raises IndexError when the leaf is not in that tree, or the log is shorter.
    """
    return _roots(session, inclusion_ranges(index, size))


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Return the proof that the first ``old`` events are a beginning of the first ``new``; raises IndexError."""
    return _roots(session, consistency_ranges(old, new))


def _roots(session: Session, ranges: Sequence[Range]) -> list[bytes]:
    """Return the roots of these subtrees, read together."""
    covers = [cover(start, end) for start, end in ranges]
    hashes = _hashes(session, [place for nodes in covers for place in nodes])
    try:
        return [root_of(hashes[place] for place in nodes) for nodes in covers]
    except KeyError as error:
        raise IndexError("le journal ne va pas jusque-là") from error


def _hashes(session: Session, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    if not places:
        return {}
    statement = select(LogNode.level, LogNode.index, LogNode.hash).where(
        LogNode.tenant_id == current_tenant(session), tuple_(LogNode.level, LogNode.index).in_(places)
    )
    return {(level, place): value for level, place, value in session.execute(statement)}
