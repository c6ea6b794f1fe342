"""The referent's acts: expected when the convention is signed, noted by the teacher who did them."""

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import dates
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import FollowupRecorded, emit
from pfmp_saas.core.moves import advance, locked
from pfmp_saas.core.roles import Role
from pfmp_saas.evidence.register import by_account, enter
from pfmp_saas.followups import errors, queries
from pfmp_saas.followups.audit import FOLLOWUPS, NOTED
from pfmp_saas.followups.models import Followup
from pfmp_saas.followups.states import FollowupKind, FollowupState
from pfmp_saas.law.clocks import first_contact_due, visit_due
from pfmp_saas.law.facts import parse
from pfmp_saas.law.presence import Period

_DUE = {FollowupKind.CONTACT: first_contact_due, FollowupKind.VISIT: visit_due}


def expect(session: Session, convention: Convention) -> list[Followup]:
    """Create a contact and a visit for each period of a signed convention, unless they exist already."""
    known = {(row.kind, row.starts_on) for row in queries.of_convention(session, convention.id)}
    for period in parse(convention.data).periods:
        session.add_all(
            _row(session, convention, kind, period)
            for kind in FollowupKind
            if (kind, period.start) not in known
        )
    session.flush()
    return queries.of_convention(session, convention.id)


def move_to(session: Session, convention: Convention) -> list[Followup]:
    """Move the expected acts to the periods that an amendment gives; acts that are done stay.

    Return the acts that changed, the deleted ones included.
    """
    periods = {period.start: period for period in parse(convention.data).periods}
    changed = []
    for known in queries.of_convention(session, convention.id):
        row = locked(session, Followup, known.id)  # done meanwhile, it stays
        period = periods.get(row.starts_on)
        if row.state == FollowupState.DONE or (period and period.end == row.ends_on):
            continue
        changed.append(row)
        if period is None:
            session.delete(row)
        else:
            row.ends_on, row.due_on = period.end, _DUE[FollowupKind(row.kind)](period.start, period.end)
    session.flush()
    expect(session, convention)
    return changed


def _row(session: Session, convention: Convention, kind: FollowupKind, period: Period) -> Followup:
    return Followup(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention.id,
        kind=kind,
        state=FollowupState.EXPECTED,
        starts_on=period.start,
        ends_on=period.end,
        due_on=_DUE[kind](period.start, period.end),
    )


def record(
    session: Session,
    followup_id: uuid.UUID,
    *,
    done_on: date | None,
    today: date,
    recorded_by: uuid.UUID,
    now: datetime,
) -> Followup:
    """Record that an act was done on ``done_on`` (local, as ``today``). Raises NotFound, Conflict, DomainError.

    A day before the placement or still to come is refused: the act bears on the placement that runs.
    """
    row = locked(session, Followup, followup_id)
    if done_on is None:
        raise errors.NoDay
    if not row.starts_on <= done_on <= today:
        raise errors.ImpossibleDay(start=dates.written(row.starts_on))
    advance(row, "record")
    row.done_on, row.recorded_by, row.recorded_at = done_on, recorded_by, now
    enter(session, FOLLOWUPS, row, NOTED, by_account(session, recorded_by, Role.REFERENT), now)
    emit(session, FollowupRecorded(subject_id=row.id, at=now))
    session.flush()
    return row
