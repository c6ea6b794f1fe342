"""Two rows of one pupil become one: what is known is put together, drafts follow, what was sent stays as it was."""

import uuid
from datetime import date

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.moves import locked
from pfmp_saas.roster.imports.models import RosterChange
from pfmp_saas.roster.imports.snapshots import of, put
from pfmp_saas.roster.models import Student


def merge_students(session: Session, kept_id: uuid.UUID, other_id: uuid.UUID, today: date) -> Student:
    """Put into a pupil's row what another row of the same pupil knows besides, and the drafts of the other.

    The other is erased; where a convention that was sent names it, it stays as a pupil who has left on ``today``:
    the evidence says which row was sent. Raises NotFound.
    """
    if kept_id == other_id:
        raise NotFound
    rows = {each: locked(session, Student, each) for each in sorted((kept_id, other_id))}
    kept, other = rows[kept_id], rows[other_id]
    mine, further = of(kept), of(other)
    put(kept, {name: value or further[name] for name, value in mine.items()} | {"left_on": mine["left_on"]})
    drafts = (Convention.student_id == other.id, Convention.state == ConventionState.DRAFT)
    session.execute(update(Convention).where(*drafts).values(student_id=kept.id))
    session.execute(delete(RosterChange).where(RosterChange.student_id == other.id))
    try:
        with session.begin_nested():
            session.delete(other)
            session.flush()
    except IntegrityError:
        session.refresh(other)
        other.left_on = other.left_on or today
    return kept
