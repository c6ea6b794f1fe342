"""Reading the amendments of the current tenant."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.amendments.models import Amendment
from pfmp_saas.amendments.states import AmendmentState
from pfmp_saas.core.database import existing

OPEN = frozenset({AmendmentState.DRAFT, AmendmentState.SENT})
"""States in which another amendment has to wait."""


def get(session: Session, amendment_id: uuid.UUID) -> Amendment:
    """Return an amendment of the current tenant. Raises NotFound."""
    return existing(session, Amendment, amendment_id)


def of_convention(session: Session, convention_id: uuid.UUID) -> Sequence[Amendment]:
    """Return a convention's amendments, the first one first."""
    statement = select(Amendment).where(Amendment.convention_id == convention_id)
    return session.scalars(statement.order_by(Amendment.rank)).all()


def sent_ones(session: Session, convention_id: uuid.UUID) -> list[Amendment]:
    """Return the amendments that the parties of a convention may read: drafts are the office's own."""
    return [row for row in of_convention(session, convention_id) if row.state != AmendmentState.DRAFT]
