"""Scheduling what falls due, and claiming it once."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from pfmp_saas.core import retries
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.retries import WorkState
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem, Effect

_GONE = (WorkState.DONE, WorkState.CANCELLED)


def schedule(
    session: Session,
    kind: DueKind,
    subject_id: uuid.UUID,
    occurrence: str,
    *,
    due_at: datetime,
    deadline: datetime | None = None,
    payload: dict[str, Any] | None = None,
    again: bool = False,
) -> None:
    """Insert a thing due at ``due_at`` (UTC); scheduling the same occurrence twice changes nothing.

    ``again`` takes up one that was cancelled: a day moved away, then back. One that was given stays given.
    """
    values = {
        "id": uuid.uuid4(),
        "tenant_id": current_tenant(session),
        "kind": kind,
        "subject_id": subject_id,
        "occurrence": occurrence,
        "due_at": due_at,
        "deadline": deadline,
        "payload": payload or {},
        "state": WorkState.WAITING,
        "attempts": 0,
        "faults": 0,
    }
    statement = insert(DueItem).values(values)
    session.execute(_taking_up(statement, due_at) if again else statement.on_conflict_do_nothing())


def _taking_up(statement: Insert, due_at: datetime) -> Insert:
    """Return the insertion of a due thing that also revives the same one if it was cancelled."""
    fresh = {"state": WorkState.WAITING, "due_at": due_at, "attempts": 0, "faults": 0, "next_try_at": None}
    return statement.on_conflict_do_update(
        index_elements=["tenant_id", "kind", "subject_id", "occurrence"],
        set_=fresh,
        where=DueItem.state == WorkState.CANCELLED,
    )


def cancel(session: Session, kind: DueKind, subject_id: uuid.UUID) -> None:
    """Cancel the waiting and the failed due things of a kind about a subject."""
    unfinished = (DueItem.kind == kind, DueItem.subject_id == subject_id, DueItem.state.not_in(_GONE))
    session.execute(update(DueItem).where(*unfinished).values(state=WorkState.CANCELLED))


def claim(session: Session, item_id: uuid.UUID, now: datetime) -> DueItem | None:
    """Lock a due item and record its one effect; None when it is not due, already done or no longer wanted.

    Whoever looks whether it may be tried holds it for an instant: that is waited for, not taken for another's work.
    """
    item = retries.waiting(session, DueItem, item_id)
    if item is None or item.due_at > now:
        return None
    retries.finish(item, now)
    return item if _first_effect(session, item, now) else None


def given_up(session: Session, kind: DueKind, subjects: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of ``subjects`` whose due thing of a kind the worker gave up."""
    statement = select(DueItem.subject_id).where(DueItem.kind == kind, DueItem.state == WorkState.FAILED)
    return set(session.scalars(statement.where(DueItem.subject_id.in_(subjects))))


def due_again(session: Session, item: DueItem, now: datetime) -> bool:
    """Tell whether a later reminder of the same thing is due as well: after a stop, one is enough."""
    later = select(DueItem.id).where(
        DueItem.kind == item.kind,
        DueItem.subject_id == item.subject_id,
        DueItem.due_at > item.due_at,
        DueItem.due_at <= now,
    )
    return session.scalar(select(later.exists())) or False


def _first_effect(session: Session, item: DueItem, now: datetime) -> bool:
    values = {
        "id": uuid.uuid4(),
        "tenant_id": item.tenant_id,
        "kind": item.kind,
        "subject_id": item.subject_id,
        "occurrence": item.occurrence,
        "at": now,
    }
    written = session.execute(insert(Effect).values(values).on_conflict_do_nothing().returning(Effect.id))
    return written.scalar_one_or_none() is not None
