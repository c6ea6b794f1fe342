"""The worker's part of the flow: it runs the reactions to events and the functions of due things."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.core import observer, retries
from pfmp_saas.core.events import Event, read
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.core.retries import WORK
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.flow import DUE, FLOW

LOG = structlog.get_logger("pfmp")
_AFTER: Mapping[type[Event], tuple[Callable[..., None], ...]] = {step.event: step.after for step in FLOW}


def react(session: Session, around: Around) -> int:
    """Handle the current tenant's pending outbox events in this transaction, oldest first; return how many.

    Rows that another worker holds are left to it. A reaction may emit events: they are handled too. One
    that fails is undone and tried again later; it stops neither the others nor what caused it.
    """
    count = 0
    while row := next_event(session, around.now):
        count += _handled(session, row, around)
    return count


def next_event(session: Session, now: datetime) -> OutboxEvent | None:
    """Return the current tenant's oldest event to handle at ``now`` (UTC), locked, or None."""
    statement = select(OutboxEvent).where(OutboxEvent.to_try(now)).order_by(OutboxEvent.created_at)
    locked = statement.limit(1).with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(locked).one_or_none()


def follow(session: Session, row: OutboxEvent, around: Around) -> None:
    """Run the reactions to one event, and mark the event as done."""
    event = read(row)
    for reaction in _AFTER.get(type(event), ()):
        reaction(session, event, around)
    retries.finish(row, around.now)


def _handled(session: Session, row: OutboxEvent, around: Around) -> bool:
    if not retries.begin(row, around.now, WORK):
        return False
    try:
        with session.begin_nested():
            follow(session, row, around)
    except Exception as error:
        LOG.exception("reaction failed", work=row.kind, row=row.id, attempts=row.attempts)
        observer.tell(error)
        retries.fail(row, error, around.now, WORK)
        return False
    return True


def do_due(session: Session, item: DueItem, around: Around) -> None:
    """Run the function of a due thing's kind. Raises ValueError for a kind that does not exist."""
    DUE[DueKind(item.kind)](session, item, around)
