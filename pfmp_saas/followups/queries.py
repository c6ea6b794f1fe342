"""Reading the referents' acts of the current tenant."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import existing
from pfmp_saas.followups.models import Followup
from pfmp_saas.followups.states import FollowupKind, FollowupState

MOST = 1000
"""Visits that one page shows."""


def get(session: Session, followup_id: uuid.UUID) -> Followup:
    """Return an act of the current tenant. Raises NotFound."""
    return existing(session, Followup, followup_id)


def of_convention(session: Session, convention_id: uuid.UUID) -> list[Followup]:
    """Return a convention's acts, in the order in which they fall due."""
    statement = select(Followup).where(Followup.convention_id == convention_id)
    return list(session.scalars(statement.order_by(Followup.due_on, Followup.kind)))


def expected(session: Session, conventions: Collection[uuid.UUID], today: date) -> list[Followup]:
    """Return what is still to do for these conventions' placements that have begun, the most urgent first."""
    statement = select(Followup).where(
        Followup.convention_id.in_(conventions),
        Followup.state == FollowupState.EXPECTED,
        Followup.starts_on <= today,
    )
    return list(session.scalars(statement.order_by(Followup.due_on, Followup.kind)))


def overdue(session: Session, today: date, limit: int = 200) -> list[Followup]:
    """Return the current tenant's acts whose last day has passed and that nobody noted, the oldest first."""
    statement = select(Followup).where(Followup.state == FollowupState.EXPECTED, Followup.due_on < today)
    return list(session.scalars(statement.order_by(Followup.due_on).limit(limit)))


def visits(session: Session, referent: str | None = None) -> list[tuple[Followup, Convention]]:
    """Return the visits still to make of signed conventions, with these; ``referent`` is one teacher's address, None for all."""
    statement = (
        select(Followup, Convention)
        .join(Convention, Convention.id == Followup.convention_id)
        .where(
            Followup.kind == FollowupKind.VISIT,
            Followup.state == FollowupState.EXPECTED,
            Convention.state == ConventionState.SIGNED,
        )
        .order_by(Followup.due_on)
        .limit(MOST)
    )
    if referent:
        statement = statement.where(Convention.referent == referent)
    return [(row[0], row[1]) for row in session.execute(statement)]
