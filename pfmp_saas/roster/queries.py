"""Reading the establishment's pupils."""

import uuid

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from pfmp_saas.core.database import existing
from pfmp_saas.core.text import fold
from pfmp_saas.roster.models import Guardian, Student

PAGE = 60
_ORDER = (Student.class_name, Student.last_name, Student.first_name, Student.id)


def page(
    session: Session,
    *,
    class_name: str | None = None,
    search: str | None = None,
    after: uuid.UUID | None = None,
) -> list[Student]:
    """Return a page of the current tenant's students by class and name: of one class, matching names, as asked.

    ``after`` is the last student of the page before: the list goes on after him or her.
    """
    statement = select(Student).where(Student.left_on.is_(None)).order_by(*_ORDER).limit(PAGE)
    if class_name:
        statement = statement.where(Student.class_name == class_name)
    for word in fold(search or "").split():
        statement = statement.where(Student.identity.contains(word, autoescape=True))
    last = session.get(Student, after) if after else None
    if last is not None:
        statement = statement.where(
            tuple_(*_ORDER) > tuple_(last.class_name, last.last_name, last.first_name, last.id)
        )
    return list(session.scalars(statement))


def classes(session: Session) -> list[tuple[str, int]]:
    """Return the current tenant's classes, by name, with the number of their students."""
    statement = select(Student.class_name, func.count()).where(Student.left_on.is_(None))
    statement = statement.group_by(Student.class_name)
    return [(row[0], row[1]) for row in session.execute(statement.order_by(Student.class_name))]


def classmates(session: Session, class_name: str, most: int = 60) -> list[Student]:
    """Return the students of one class, by name."""
    statement = select(Student).where(Student.class_name == class_name, Student.left_on.is_(None))
    statement = statement.order_by(*_ORDER).limit(most)
    return list(session.scalars(statement))


def student(session: Session, student_id: uuid.UUID) -> Student:
    """Return a student of the current tenant. Raises NotFound."""
    return existing(session, Student, student_id)


def guardians(session: Session, student_id: uuid.UUID) -> list[Guardian]:
    """Return a student's legal representatives, the usual one first."""
    statement = select(Guardian).where(Guardian.student_id == student_id).order_by(Guardian.position)
    return list(session.scalars(statement))
