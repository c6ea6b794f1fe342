"""Scheduling what falls due, and claiming it once."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem, DueState, Effect

_FIRST_RETRY, _LAST_RETRY = timedelta(seconds=15), timedelta(hours=1)


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
    """Note that a reminder is due at ``due_at`` (UTC); scheduling the same occurrence twice changes nothing.

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
        "state": DueState.WAITING,
    }
    statement = insert(DueItem).values(values)
    if again:
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "kind", "subject_id", "occurrence"],
                set_={"state": DueState.WAITING, "due_at": due_at},
                where=DueItem.state == DueState.CANCELLED,
            )
        )
    else:
        session.execute(statement.on_conflict_do_nothing())


def cancel(session: Session, kind: DueKind, subject_id: uuid.UUID) -> None:
    """Cancel what still waits about a subject: signed, declared or withdrawn."""
    waiting = (DueItem.kind == kind, DueItem.subject_id == subject_id, DueItem.state == DueState.WAITING)
    session.execute(update(DueItem).where(*waiting).values(state=DueState.CANCELLED))


def claim(session: Session, item_id: uuid.UUID, now: datetime) -> DueItem | None:
    """Lock a due item and record its one effect; None when it is another's, not due, or already done."""
    statement = select(DueItem).where(
        DueItem.id == item_id, DueItem.state == DueState.WAITING, DueItem.due_at <= now
    )
    item = session.scalars(statement.with_for_update(skip_locked=True)).one_or_none()
    if item is None:
        return None
    item.state, item.done_at = DueState.DONE, now
    return item if _first_effect(session, item, now) else None


def due_again(session: Session, item: DueItem, now: datetime) -> bool:
    """Tell whether a later reminder of the same thing is due as well: after a stop, one is enough."""
    later = select(DueItem.id).where(
        DueItem.kind == item.kind,
        DueItem.subject_id == item.subject_id,
        DueItem.due_at > item.due_at,
        DueItem.due_at <= now,
    )
    return session.scalar(select(later.exists())) or False


def postpone(
    session: Session, item_id: uuid.UUID, now: datetime, why: str, *, most: int | None = None
) -> None:
    """Try a failed item again later: after 15 seconds, then twice as long each time, an hour at most.

    After ``most`` attempts it is given up, for people to see; without it, never.
    """
    item = session.get(DueItem, item_id, with_for_update=True)
    if item is None or item.state != DueState.WAITING:
        return
    attempts = int(item.payload.get("attempts", 0)) + 1
    if most is not None and attempts >= most:
        item.state = DueState.FAILED
    item.due_at = now + min(_FIRST_RETRY * 2 ** min(attempts - 1, 20), _LAST_RETRY)
    item.payload = {**item.payload, "attempts": attempts, "last_error": why[:500]}


def given_up(session: Session) -> list[DueItem]:
    """Return what the current tenant's worker gave up, the latest first."""
    statement = select(DueItem).where(DueItem.state == DueState.FAILED)
    return list(session.scalars(statement.order_by(DueItem.due_at.desc()).limit(50)))


def resume(session: Session, item_id: uuid.UUID, now: datetime) -> None:
    """Try again what was given up. Raises NotFound."""
    item = session.scalars(
        select(DueItem).where(DueItem.id == item_id, DueItem.state == DueState.FAILED)
    ).one_or_none()
    if item is None:
        raise NotFound
    item.state, item.due_at, item.payload = DueState.WAITING, now, {**item.payload, "attempts": 0}


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
