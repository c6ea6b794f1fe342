"""The worker's part of the flow: events of the outbox are followed, what falls due is done."""

import logging
import uuid
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pfmp_saas.core.events import Event, read
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.flow import DUE, FLOW

LOG = logging.getLogger("pfmp")
MOST_ATTEMPTS = 500
"""A tick comes every two seconds: a quarter of an hour of failures, then a person must look."""
_AFTER: Mapping[type[Event], tuple[Callable[..., None], ...]] = {step.event: step.after for step in FLOW}


def react(session: Session, around: Around) -> int:
    """Follow the current tenant's pending events, oldest first; return how many were followed.

    Rows that another worker holds are left to it. A reaction may emit events: they are followed too. One
    that fails is undone and tried again by a later tick; it stops neither the others nor what caused it.
    """
    count, failed = 0, set[uuid.UUID]()
    while rows := _pending(session, failed):
        for row in rows:
            if _handled(session, row, around):
                count += 1
            else:
                failed.add(row.id)
    return count


def _handled(session: Session, row: OutboxEvent, around: Around) -> bool:
    try:
        with session.begin_nested():
            _follow(session, row, around)
            row.handled_at = around.now
    except Exception:
        LOG.exception("reaction to %s failed, attempt %s", row.kind, row.attempts + 1)
        session.execute(update(OutboxEvent).where(OutboxEvent.id == row.id).values(attempts=row.attempts + 1))
        session.refresh(row)
        return False
    return True


def _follow(session: Session, row: OutboxEvent, around: Around) -> None:
    """Do all that follows one event, or nothing of it."""
    event = read(row)
    for reaction in _AFTER.get(type(event), ()):
        reaction(session, event, around)


def _pending(session: Session, failed: Collection[uuid.UUID]) -> list[OutboxEvent]:
    statement = select(OutboxEvent).where(
        OutboxEvent.handled_at.is_(None), OutboxEvent.id.not_in(failed), OutboxEvent.attempts < MOST_ATTEMPTS
    )
    ordered = statement.order_by(OutboxEvent.created_at).limit(50)
    return list(session.scalars(ordered.with_for_update(skip_locked=True)))


def do_due(session: Session, item: DueItem, around: Around) -> None:
    """Do what a due thing asks. Raises ValueError for a kind that does not exist."""
    DUE[DueKind(item.kind)](session, item, around)
