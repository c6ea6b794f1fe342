"""The erasure of a convention: its personal data go, its number stays, and its days if it was sent."""

import uuid
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention, ConventionParty, Placement
from pfmp_saas.core.events import ConventionDiscarded, emit
from pfmp_saas.core.moves import move


def discard(session: Session, convention_id: uuid.UUID, now: datetime) -> Convention:
    """Throw a draft away: what was typed goes, its number stays taken. Raises NotFound, Conflict once it was sent."""
    row = move(session, Convention, convention_id, "discard")
    _empty(row)
    row.starts_on, row.ends_on, row.blocking = None, None, None
    emit(session, ConventionDiscarded(subject_id=row.id, at=now))
    session.flush()
    return row


def _empty(row: Convention) -> None:
    row.data = {"type": row.type_slug}
    row.student_id, row.student_name, row.host_name, row.class_name = None, "", "", ""


def purge(session: Session, convention: Convention) -> None:
    """Erase a convention's data, its parties and its placements. Raises Conflict."""
    row = move(session, Convention, convention.id, "erase")
    _empty(row)
    for model in (ConventionParty, Placement):
        session.execute(delete(model).where(model.convention_id == row.id))
    session.flush()
    session.expire(row, ["parties"])
