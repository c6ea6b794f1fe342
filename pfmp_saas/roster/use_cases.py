"""The establishment's pupils: added or brought up to date from its files, all or none."""

import uuid
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from pfmp_saas.core.database import current_tenant
from pfmp_saas.roster.models import Guardian, Student
from pfmp_saas.roster.reading.values import ReadGuardian, ReadPupil

_COPIED = (
    "first_name",
    "last_name",
    "class_name",
    "diploma",
    "course_title",
    "address",
    "email",
    "course_hours",
    "birth_date",
    "medical_opinion_on",
)


def keep_pupils(session: Session, pupils: Iterable[ReadPupil]) -> tuple[int, int]:
    """Add the pupils that are new and update the others (same names and birth date); return both counts."""
    _lock(session)
    statement = select(Student).options(selectinload(Student.guardians))
    known = {(row.identity, row.birth_date): row for row in session.scalars(statement)}
    added = updated = 0
    for pupil in pupils:
        row = known.get(pupil.identity)
        if row is None:
            row = known[pupil.identity] = Student(id=uuid.uuid4(), tenant_id=current_tenant(session))
            session.add(row)
            added += 1
        else:
            updated += 1
        _fill(row, pupil)
    session.flush()
    return added, updated


def _lock(session: Session) -> None:
    """Let one import after the other find the pupils of the school: two at once would each add the same."""
    name = f"roster:{current_tenant(session)}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _fill(row: Student, pupil: ReadPupil) -> None:
    """Copy what a file says into a pupil's row; what it leaves blank stays as stored."""
    for name in _COPIED:
        value = getattr(pupil, name)
        if value and getattr(row, name) != value:
            setattr(row, name, value)
    for position, guardian in enumerate(pupil.guardians, start=1):
        _guardian(row, position, guardian)


def _guardian(row: Student, position: int, read: ReadGuardian) -> None:
    kept = next((guardian for guardian in row.guardians if guardian.position == position), None)
    if kept is None:
        kept = Guardian(tenant_id=row.tenant_id, position=position, name=read.name, email=read.email)
        row.guardians.append(kept)
    kept.name, kept.email = read.name, read.email or kept.email
