"""An import taken back: each pupil stands again as before, unless somebody has changed him or her since."""

import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pfmp_saas.core.moves import move
from pfmp_saas.roster.imports import errors, queries, snapshots
from pfmp_saas.roster.imports.models import RosterChange, RosterImport
from pfmp_saas.roster.imports.use_cases import KEPT, one_at_a_time
from pfmp_saas.roster.models import Student

REMOVED, RESTORED = "retiré", "rétabli"
SINCE, USED, ABSENT = "modifié depuis : laissé", "a une convention : laissé", "effacé depuis"


def undo(session: Session, import_id: uuid.UUID, now: datetime) -> RosterImport:
    """Take an import back, and note of each pupil what became of it. Raises TooLate, Conflict unless it was written."""
    one_at_a_time(session)
    row = move(session, RosterImport, import_id, "undo")
    if row.done_at is None or now - row.done_at > KEPT:
        raise errors.TooLate
    changes = queries.changes(session, row.id)
    pupils = queries.held(session, [each.student_id for each in changes])
    for change in changes:
        change.outcome = _back(session, change, pupils.get(change.student_id))
    outcomes = [change.outcome for change in changes]
    row.told = {
        **row.told,
        "restored": outcomes.count(RESTORED) + outcomes.count(REMOVED),
        "kept": outcomes.count(SINCE) + outcomes.count(USED),
    }
    session.flush()
    return row


def _back(session: Session, change: RosterChange, pupil: Student | None) -> str:
    if pupil is None:
        return ABSENT
    if snapshots.of(pupil) != change.after:
        return SINCE
    if change.before is not None:
        snapshots.put(pupil, change.before)
        return RESTORED
    try:
        with session.begin_nested():
            session.delete(pupil)
            session.flush()
    except IntegrityError:  # a convention names the pupil: he or she stays
        return USED
    return REMOVED
