"""Reading the host's half of a draft."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.forms import merge
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import existing
from pfmp_saas.halves.errors import HalfOver
from pfmp_saas.halves.models import HostHalf


@dataclass(frozen=True)
class Half:
    """A host's half with its draft."""

    row: HostHalf
    convention: Convention

    @property
    def data(self) -> dict[str, Any]:
        """Return the draft's data as they would be with the host's answers."""
        return {**self.convention.data, **merge(self.convention.data, self.row.answers)}

    @property
    def mark(self) -> str:
        """Return what a page keeps of what it showed: it differs once the draft or the answers changed."""
        return f"{self.convention.draft_version}.{self.row.saves}"


def open_half(session: Session, half_id: uuid.UUID) -> Half:
    """Return the half that a link opens. Raises NotFound, HalfOver once the convention left or the answers were taken up."""
    row = existing(session, HostHalf, half_id)
    convention = existing(session, Convention, row.convention_id)
    if row.taken_at or convention.state != ConventionState.DRAFT:
        raise HalfOver
    return Half(row, convention)


def of_convention(session: Session, convention_id: uuid.UUID) -> HostHalf | None:
    """Return the half asked for a convention, None where none was."""
    return session.scalars(select(HostHalf).where(HostHalf.convention_id == convention_id)).one_or_none()


def counting_answered() -> Select[int, Any]:
    """Return the statement of how many answers wait for the office, and since when."""
    waiting = (
        HostHalf.answered_at.is_not(None),
        HostHalf.taken_at.is_(None),
        Convention.state == ConventionState.DRAFT,
    )
    joined = select(func.count(), func.min(HostHalf.answered_at)).join(
        Convention, Convention.id == HostHalf.convention_id
    )
    return joined.where(*waiting)


def answered(session: Session, most: int = 100) -> list[Half]:
    """Return the halves that were answered and wait for the office, the oldest answer first."""
    statement = (
        select(HostHalf, Convention)
        .join(Convention, Convention.id == HostHalf.convention_id)
        .where(
            HostHalf.answered_at.is_not(None),
            HostHalf.taken_at.is_(None),
            Convention.state == ConventionState.DRAFT,
        )
        .order_by(HostHalf.answered_at)
        .limit(most)
    )
    return [Half(row[0], row[1]) for row in session.execute(statement)]
