"""What a new draft holds at first: the school's settings, the pupil's row, the course's."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.conventions import staff
from pfmp_saas.core.database import current_tenant
from pfmp_saas.roster import queries as roster
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import Establishment
from pfmp_saas.types.revisions.models import TypeRevision
from pfmp_saas.types.revisions.use_cases import in_force

Json = dict[str, Any]


def school_part(session: Session) -> Json:
    """Return the current school's part of its next convention's data."""
    school = tenants.get(session, current_tenant(session))
    return of_school(session, school, in_force(session, school.type_slug))


def of_school(session: Session, school: Establishment, revision: TypeRevision | None) -> Json:
    """Return a school's part of a convention, by the convention type that is in force there."""
    school_settings = tenants.settings(session)
    voted = revision.deliberation_on if revision else school_settings.board_date
    return {
        "name": school.name,
        "uai": school.uai,
        "territory": school.territory,
        "address": school_settings.address or None,
        "phone": school_settings.phone or None,
        "email": school_settings.email or None,
        "head": staff.head(session),
        "board_date": voted.isoformat() if voted else None,
        "insurer": {
            "name": school_settings.insurer_name or None,
            "policy": school_settings.insurer_policy or None,
        },
        "holidays": school_settings.school_holidays or None,
    }


def of_student(session: Session, student_id: uuid.UUID) -> Json:
    """Return a pupil's part of a convention; what a course says of its pupils goes before what each row has."""
    row = roster.student(session, student_id)
    guardian = next(iter(roster.guardians(session, student_id)), None)
    names = ("first_name", "last_name", "address", "email", "class_name", "diploma", "course_title")
    data: Json = {name: getattr(row, name) or None for name in names}
    data["birth_date"] = row.birth_date.isoformat()
    data["course_hours"] = row.course_hours
    data["medical_opinion_on"] = row.medical_opinion_on.isoformat() if row.medical_opinion_on else None
    data["guardian"] = {"name": guardian.name, "email": guardian.email} if guardian else None
    course = roster.course_of(session, row.mef)
    if course is not None:  # typed once for all its pupils
        data |= {"diploma": course.diploma, "course_title": course.title}
        data["course_hours"] = course.hours if course.hours is not None else row.course_hours
    return data
