"""Figures of a school's conventions for the page of the day: classes, what begins soon, what the week brings."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.roster.models import Student

SOON = timedelta(days=21)
"""A placement that begins within three weeks, and is not signed, presses."""
_RANK = {ConventionState.SIGNED: 3, ConventionState.SENT: 2, ConventionState.DRAFT: 1}
_KEYS = {3: "signed", 2: "sent", 1: "draft", 0: "none"}


@dataclass
class ClassState:
    """Where the pupils of a class stand for their present and coming placements: how many in each state."""

    name: str
    pupils: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_KEYS.values(), 0))

    @property
    def number(self) -> int:
        """Return the number of pupils."""
        return sum(self.pupils.values())

    @property
    def idle(self) -> bool:
        """Tell whether no pupil of the class has a convention that is not over: nothing is planned."""
        return self.pupils["none"] == self.number


@dataclass(frozen=True)
class Turn:
    """A placement that begins or ends in the week."""

    day: date
    begins: bool
    class_name: str
    number: int


def by_class(session: Session, today: date) -> list[ClassState]:
    """Return where each class stands: every pupil counts once, by the best state of what is not over on ``today``."""
    best = (
        select(Convention.student_id, func.max(case(_RANK, value=Convention.state, else_=0)).label("rank"))
        .where(Convention.state.in_(_RANK), or_(Convention.ends_on >= today, Convention.ends_on.is_(None)))
        .group_by(Convention.student_id)
        .subquery()
    )
    rank = func.coalesce(best.c.rank, 0)
    statement = (
        select(Student.class_name, rank, func.count())
        .outerjoin(best, best.c.student_id == Student.id)
        .where(Student.left_on.is_(None))
        .group_by(Student.class_name, rank)
        .order_by(Student.class_name)
    )
    classes: dict[str, ClassState] = {}
    for name, state, number in session.execute(statement):
        classes.setdefault(name, ClassState(name)).pupils[_KEYS[state]] = number
    return list(classes.values())


def begins_soon(state: ConventionState, today: date) -> Select[int, Any]:
    """Return the statement of how many conventions of a state begin between ``today`` and three weeks on, and when first."""
    return select(func.count(), func.min(Convention.starts_on)).where(
        Convention.state == state, Convention.starts_on.between(today, today + SOON)
    )


def drafts(session: Session, most: int = 5) -> list[Convention]:
    """Return the drafts that were worked on last."""
    statement = select(Convention).where(Convention.state == ConventionState.DRAFT)
    return list(session.scalars(statement.order_by(Convention.updated_at.desc()).limit(most)))


def week(session: Session, today: date) -> list[Turn]:
    """Return the placements that begin or end within seven days, by day and class."""
    both = union_all(_turns(today, begins=False), _turns(today, begins=True))
    turns = [Turn(day, begins, name, number) for day, begins, name, number in session.execute(both) if day]
    return sorted(turns, key=lambda turn: (turn.day, turn.class_name))


def _turns(today: date, *, begins: bool) -> Select[date | None, bool, str, int]:
    column = Convention.starts_on if begins else Convention.ends_on
    return (
        select(column, literal(begins), Convention.class_name, func.count())
        .where(
            Convention.state.in_((ConventionState.SENT, ConventionState.SIGNED)),
            column.between(today, today + timedelta(days=6)),
        )
        .group_by(column, Convention.class_name)
    )
