"""Reading conventions of the current tenant."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.freeze import render_convention
from pfmp_saas.conventions.models import Convention, ConventionParty
from pfmp_saas.core.database import existing
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.facts import parse
from pfmp_saas.types.revisions.use_cases import type_of


def get(session: Session, convention_id: uuid.UUID) -> Convention:
    """Return a convention. Raises NotFound, for another tenant's as for none."""
    return existing(session, Convention, convention_id)


def of_student(session: Session, student_id: uuid.UUID) -> list[Convention]:
    """Return a pupil's conventions, the latest first."""
    mine = select(Convention).where(Convention.student_id == student_id)
    return list(session.scalars(mine.order_by(Convention.created_at.desc()).limit(50)))


def by_id(session: Session, identifiers: Iterable[uuid.UUID]) -> dict[uuid.UUID, Convention]:
    """Return conventions of the current tenant by their identifiers, in one query."""
    wanted = set(identifiers)
    rows = session.scalars(select(Convention).where(Convention.id.in_(wanted))) if wanted else ()
    return {row.id: row for row in rows}


def case_of(session: Session, convention: Convention) -> Case:
    """Return a convention laid out day by day, as the rules see it. Raises InvalidData when it cannot be read."""
    return Case(parse(convention.data), type_of(session, convention).profile)


@dataclass(frozen=True)
class Concerned:
    """The sent conventions of one school that concern an account, each with the capacities, the latest first."""

    rows: dict[Convention, set[str]]

    def in_roles(self, roles: Iterable[str]) -> list[Convention]:
        """Return those that concern the account in one of ``roles``."""
        wanted = set(map(str, roles))
        return [row for row, capacities in self.rows.items() if capacities & wanted]


def of_account(session: Session, account_id: uuid.UUID) -> Concerned:
    """Return the sent conventions of the current tenant that concern an account, in one query."""
    statement = (
        select(Convention, ConventionParty.role)
        .join(ConventionParty, ConventionParty.convention_id == Convention.id)
        .where(ConventionParty.account_id == account_id)
        .order_by(Convention.number.desc())
    )
    rows: dict[Convention, set[str]] = {}
    for row, role in session.execute(statement):
        rows.setdefault(row, set()).add(role)
    return Concerned(rows)


def for_party(session: Session, account_id: uuid.UUID, roles: set[str]) -> list[Convention]:
    """Return the sent conventions that concern an account in one of ``roles``, the latest first."""
    concerned = select(ConventionParty.convention_id).where(
        ConventionParty.account_id == account_id, ConventionParty.role.in_(roles)
    )
    statement = select(Convention).where(Convention.id.in_(concerned)).order_by(Convention.number.desc())
    return list(session.scalars(statement))


def party_roles(session: Session, convention_id: uuid.UUID, account_id: uuid.UUID) -> set[str]:
    """Return the capacities in which a convention concerns an account."""
    statement = select(ConventionParty.role).where(
        ConventionParty.convention_id == convention_id, ConventionParty.account_id == account_id
    )
    return set(session.scalars(statement))


_OF_THE_COURSE = ("cycle_weeks", "course_outside_school_time", "appropriate_rhythm")
_OF_THE_PUPIL = ("loads_fitness_on", "electrical_training_on")


def remembered(session: Session, student_id: uuid.UUID, diploma: str | None) -> dict[str, Any]:
    """Return the pupil's data of the latest convention that the roster lacks, to prefill the next one.

    Facts of the course are taken up for the same ``diploma`` only.
    """
    statement = select(Convention).where(Convention.student_id == student_id)
    latest = session.scalars(statement.order_by(Convention.number.desc()).limit(1)).first()
    student = (latest.data.get("student") or {}) if latest else {}
    names = _OF_THE_PUPIL + (_OF_THE_COURSE if student.get("diploma") == diploma else ())
    return {name: student[name] for name in names if student.get(name) is not None}


def preview_pdf(session: Session, convention: Convention) -> bytes:
    """Render a draft as it would be sent."""
    return render_convention(type_of(session, convention), convention.data).pdf
