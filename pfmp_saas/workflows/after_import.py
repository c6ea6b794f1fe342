"""School files handed over: forgotten after a day, whether they were imported or not."""

from datetime import timedelta

from sqlalchemy.orm import Session

from pfmp_saas.core.events import SchoolFilesHeld
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.roster.imports import use_cases as imports
from pfmp_saas.workflows.context import Around

_AFTER = imports.KEPT + timedelta(minutes=1)


def plan(session: Session, event: SchoolFilesHeld, _around: Around) -> None:
    """Schedule the forgetting; an import that is written starts its day again: it can be taken back."""
    schedule(session, DueKind.FORGET, event.subject_id, event.at.isoformat(), due_at=event.at + _AFTER)


def forget(session: Session, _item: DueItem, around: Around) -> None:
    """Forget what the school has held for a day."""
    imports.forget(session, around.now)
