"""Reading the establishment's pupils."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import existing
from pfmp_saas.roster.models import Guardian, Student


def students(session: Session) -> list[Student]:
    """Return the current tenant's students, by class and name."""
    statement = select(Student).order_by(Student.class_name, Student.last_name, Student.first_name)
    return list(session.scalars(statement))


def student(session: Session, student_id: uuid.UUID) -> Student:
    """Return a student of the current tenant. Raises NotFound."""
    return existing(session, Student, student_id)


def guardians(session: Session, student_id: uuid.UUID) -> list[Guardian]:
    """Return a student's legal representatives, the usual one first."""
    statement = select(Guardian).where(Guardian.student_id == student_id).order_by(Guardian.position)
    return list(session.scalars(statement))
