"""Reading the establishment's pupils."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, cast, exists, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from pfmp_saas.core.database import existing
from pfmp_saas.core.text import fold
from pfmp_saas.roster.models import Course, Guardian, Student

PAGE = 60
MEF = 10
"""Digits of a MEF code that name the course: SIECLE writes eleven."""
_ORDER = (Student.class_name, Student.last_name, Student.first_name, Student.id)
ORDERS: dict[str, Sequence[Any]] = {
    "classe": _ORDER,
    "nom": (Student.last_name, Student.first_name, Student.id),
    "naissance": (Student.birth_date, Student.last_name, Student.first_name, Student.id),
}
"""Orders of the list of pupils, by the word that asks for one."""


def page(
    session: Session,
    *,
    class_name: str | None = None,
    search: str | None = None,
    after: uuid.UUID | None = None,
    left: bool = False,
    order: str = "classe",
    most: int = PAGE,
) -> list[Student]:
    """Return a page of the current tenant's students: of one class, matching names, those who ``left``, as asked.

    ``after`` is the last student of the page before: the list goes on after him or her.
    """
    columns = ORDERS.get(order, _ORDER)
    there = Student.left_on.is_not(None) if left else Student.left_on.is_(None)
    statement = select(Student).where(there).order_by(*columns).limit(most)
    if class_name:
        statement = statement.where(Student.class_name == class_name)
    for word in fold(search or "").split():
        statement = statement.where(Student.identity.contains(word, autoescape=True))
    last = session.get(Student, after) if after else None
    if last is not None:
        statement = statement.where(tuple_(*columns) > tuple_(*(getattr(last, each.key) for each in columns)))
    return list(session.scalars(statement))


def standing(session: Session) -> str:
    """Return what names the present classes and who is in each: another where one pupil has moved."""
    each = cast(Student.id, Text) + ":" + Student.class_name
    whole = func.md5(func.string_agg(each, aggregate_order_by(literal(","), Student.id)))
    return session.scalar(select(whole).where(Student.left_on.is_(None))) or ""


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


def namesakes(session: Session, row: Student) -> list[Student]:
    """Return the other pupils who have a pupil's names and day of birth."""
    same = (Student.identity == row.identity, Student.birth_date == row.birth_date, Student.id != row.id)
    return list(session.scalars(select(Student).where(*same)))


def doubles(session: Session, row: Student) -> list[Student]:
    """Return the rows that may be the same pupil: the same names, or the same family name and day of birth."""
    family = row.identity.split("\n")[0]
    alike = or_(
        Student.identity == row.identity,
        and_(
            Student.identity.startswith(f"{family}\n", autoescape=True), Student.birth_date == row.birth_date
        ),
    )
    statement = select(Student).where(alike, Student.id != row.id, Student.left_on.is_(None))
    return list(session.scalars(statement.order_by(Student.birth_date, Student.id).limit(10)))


def courses(session: Session) -> list[Course]:
    """Return the school's courses, by diploma and title."""
    return list(session.scalars(select(Course).order_by(Course.diploma, Course.title, Course.mef).limit(300)))


def course(session: Session, course_id: uuid.UUID) -> Course:
    """Return a course of the current tenant. Raises NotFound."""
    return existing(session, Course, course_id)


def course_of(session: Session, mef: str) -> Course | None:
    """Return the course of a MEF code, of ten digits or of SIECLE's eleven; None when the school has not typed it."""
    wanted = select(Course).where(Course.mef == mef[:MEF])
    return session.scalars(wanted).one_or_none() if mef else None


def followed(session: Session) -> list[tuple[str, str, int]]:
    """Return the MEF codes that pupils follow, with their classes and the number of pupils."""
    code = func.left(Student.mef, MEF)
    statement = (
        select(code, func.string_agg(Student.class_name.distinct(), ", "), func.count())
        .where(Student.left_on.is_(None), Student.mef != "")
        .group_by(code)
        .order_by(code)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


@dataclass(frozen=True)
class ClassRow:
    """A class: its pupils, those who have no e-mail address or no guardian, and the courses that they follow."""

    name: str
    pupils: int
    without_email: int
    alone: int
    mefs: str


def class_rows(session: Session) -> list[ClassRow]:
    """Return the school's classes, by name."""
    alone = ~exists().where(Guardian.student_id == Student.id)
    statement = (
        select(
            Student.class_name,
            func.count(),
            func.count().filter(Student.email == ""),
            func.count().filter(alone),
            func.string_agg(func.left(Student.mef, MEF).distinct(), ", ").filter(Student.mef != ""),
        )
        .where(Student.left_on.is_(None))
        .group_by(Student.class_name)
        .order_by(Student.class_name)
    )
    return [ClassRow(row[0], row[1], row[2], row[3], row[4] or "") for row in session.execute(statement)]


def student(session: Session, student_id: uuid.UUID) -> Student:
    """Return a student of the current tenant. Raises NotFound."""
    return existing(session, Student, student_id)


def guardians(session: Session, student_id: uuid.UUID) -> list[Guardian]:
    """Return a student's legal representatives, the usual one first."""
    statement = select(Guardian).where(Guardian.student_id == student_id).order_by(Guardian.position)
    return list(session.scalars(statement))
