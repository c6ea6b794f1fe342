"""The establishment's pupils: added or brought up to date from a class list, all or none."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.text import fold
from pfmp_saas.roster.models import Guardian, Student

_DATES = ("birth_date", "medical_opinion_on")


def keep_pupils(session: Session, pupils: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Add the pupils that are new and update the others (same names and birth date); return both counts."""
    added = updated = 0
    for values in pupils:
        row = _known(session, values)
        if row is None:
            row = Student(id=uuid.uuid4(), tenant_id=current_tenant(session))
            added += 1
        else:
            updated += 1
        _fill(row, values)
        session.add(row)
        session.flush()
    return added, updated


def _known(session: Session, values: Mapping[str, Any]) -> Student | None:
    names = fold(values["first_name"]), fold(values["last_name"])
    born = select(Student).where(Student.birth_date == date.fromisoformat(values["birth_date"]))
    same_names = (
        row for row in session.scalars(born) if (fold(row.first_name), fold(row.last_name)) == names
    )
    return next(same_names, None)


def _fill(row: Student, values: Mapping[str, Any]) -> None:
    """Copy the list's values into a pupil's row; a blank cell leaves the stored value."""
    for name in ("first_name", "last_name", "class_name", "diploma", "course_title", "address", "email"):
        if values.get(name):
            setattr(row, name, values[name])
    if values.get("course_hours"):
        row.course_hours = values["course_hours"]
    for name in _DATES:
        if values.get(name):
            setattr(row, name, date.fromisoformat(values[name]))
    if values.get("guardian_email"):
        _first_guardian(row, values["guardian_name"], values["guardian_email"])


def _first_guardian(row: Student, name: str, email: str) -> None:
    first = next((guardian for guardian in row.guardians if guardian.position == 1), None)
    if first is None:
        first = Guardian(tenant_id=row.tenant_id, position=1)
        row.guardians.append(first)
    first.name, first.email = name, email
