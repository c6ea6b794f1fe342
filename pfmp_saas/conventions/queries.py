"""Reading conventions of the current tenant."""

import uuid

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.freeze import render_convention
from pfmp_saas.conventions.models import Convention, ConventionParty
from pfmp_saas.conventions.revisions.use_cases import type_of
from pfmp_saas.core.errors import NotFound


def get(session: Session, convention_id: uuid.UUID) -> Convention:
    """Return a convention. Raises NotFound, for another tenant's as for none."""
    row = session.get(Convention, convention_id)
    if row is None:
        raise NotFound
    return row


def page(
    session: Session, *, state: str | None = None, search: str | None = None, limit: int = 50
) -> list[Convention]:
    """Return conventions, the latest number first, of one state and matching a name if asked."""
    statement = select(Convention).order_by(Convention.number.desc()).limit(limit)
    if state:
        statement = statement.where(Convention.state == state)
    if search:
        pattern = f"%{search.strip()}%"
        statement = statement.where(
            or_(Convention.student_name.ilike(pattern), Convention.host_name.ilike(pattern))
        )
    return list(session.scalars(statement))


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


def preview_pdf(session: Session, convention: Convention) -> bytes:
    """Render a draft as it would be sent."""
    return render_convention(type_of(session, convention), convention.data).pdf
