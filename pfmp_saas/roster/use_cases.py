"""Use cases of the roster: a pupil added, edited, gone, erased; classes promoted; courses."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.moves import locked
from pfmp_saas.roster import errors, queries
from pfmp_saas.roster.imports.models import RosterChange
from pfmp_saas.roster.models import Course, Guardian, Student
from pfmp_saas.tenants import queries as tenants

Json = Mapping[str, Any]
_ASKED = 2
"""Guardians whom the form of a pupil asks for."""


@dataclass(frozen=True)
class Person:
    """A legal representative as typed; no ``email``: signs on paper."""

    name: str
    email: str = ""
    phone: str = ""


def save_student(
    session: Session, student_id: uuid.UUID | None, values: Json, guardians: Sequence[Person]
) -> Student:
    """Add a pupil (no identifier) or change one, with the guardians in the order in which they sign.

    Raises NotFound; Known where another pupil has the same names and day of birth.
    """
    if student_id is None:
        row = Student(id=uuid.uuid4(), tenant_id=current_tenant(session), guardians=[])
    else:
        row = locked(session, Student, student_id)
    for name, value in values.items():
        setattr(row, name, value)
    if student_id is None:
        session.add(row)
    further = row.guardians[_ASKED:]  # more than the form asks for: they stay, after the others
    row.guardians[:] = [
        Guardian(tenant_id=row.tenant_id, name=each.name, email=each.email, phone=each.phone)
        for each in guardians
    ] + further
    for place, each in enumerate(row.guardians, start=1):
        each.position = place
    session.flush()
    session.refresh(row, ["identity"])
    if queries.namesakes(session, row):
        raise errors.Known
    return row


def leave(session: Session, student_id: uuid.UUID, day: date | None) -> Student:
    """Note that a pupil is at the school no more from ``day`` on, None for one who is back. Raises NotFound."""
    row = locked(session, Student, student_id)
    row.left_on = day
    return row


def erase(session: Session, student_id: uuid.UUID) -> None:
    """Erase a pupil and the guardians, for good. Raises NotFound, InUse when a convention names the pupil."""
    row = locked(session, Student, student_id)
    session.execute(delete(RosterChange).where(RosterChange.student_id == row.id))
    try:
        with session.begin_nested():
            session.delete(row)
            session.flush()
    except IntegrityError:
        raise errors.InUse from None


@dataclass(frozen=True)
class NewYear:
    """What becomes of classes: ``names`` by their present ones, and those whose pupils all ``leave``.

    ``shown`` is what :func:`queries.standing` returned when it was asked.
    """

    names: Mapping[str, str]
    leave: frozenset[str]
    shown: str


def promote(session: Session, year: NewYear, day: date) -> int:
    """Give classes their new names, all at once, and note the pupils of the last ones gone on ``day``; return how many pupils.

    Raises NoChange, SameClass, ClassesMoved where the classes are no more those that were shown: a year passes once.
    """
    tenants.lock(session)
    if year.shown != queries.standing(session):
        raise errors.ClassesMoved
    names = {old: new for old, new in year.names.items() if new and new != old and old not in year.leave}
    present = {name for name, _ in queries.classes(session)}
    after = [names.get(name, name) for name in present - year.leave]
    twice = next((name for name in after if after.count(name) > 1), None)
    if twice:
        raise errors.SameClass(name=twice)
    if not names and not year.leave:
        raise errors.NoChange
    here = Student.left_on.is_(None)
    gone = update(Student).where(here, Student.class_name.in_(year.leave)).values(left_on=day)
    number = session.execute(gone).rowcount  # type: ignore[attr-defined]
    if names:
        renamed = update(Student).where(here, Student.class_name.in_(names))
        renamed = renamed.values(class_name=case(names, value=Student.class_name))
        number += session.execute(renamed).rowcount  # type: ignore[attr-defined]
    return int(number)


def set_class_course(session: Session, class_name: str, mef: str) -> None:
    """Say which course the pupils of a class follow."""
    mine = (Student.class_name == class_name, Student.left_on.is_(None))
    session.execute(update(Student).where(*mine).values(mef=mef))


def save_course(session: Session, course_id: uuid.UUID | None, values: Json) -> Course:
    """Add a course (no identifier) or change one; its MEF never changes. Raises NotFound, CourseKnown."""
    if course_id is not None:
        row = locked(session, Course, course_id)
        for name, value in values.items():
            if name != "mef":
                setattr(row, name, value)
        return row
    if session.scalar(select(Course.id).where(Course.mef == values["mef"])):
        raise errors.CourseKnown
    row = Course(id=uuid.uuid4(), tenant_id=current_tenant(session), **values)
    session.add(row)
    session.flush()
    return row
