"""Reading attestations."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.attestations.checks import Held
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.conventions.gratification import rate_of
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.queries import case_of
from pfmp_saas.core.database import existing
from pfmp_saas.law.money.amounts import attested


def get(session: Session, attestation_id: uuid.UUID) -> Attestation:
    """Return an attestation of the current tenant. Raises NotFound."""
    return existing(session, Attestation, attestation_id)


def of_convention(session: Session, convention_id: uuid.UUID) -> Attestation | None:
    """Return a convention's attestation, or None before it is signed."""
    return session.scalars(
        select(Attestation).where(Attestation.convention_id == convention_id)
    ).one_or_none()


def is_open(row: Attestation, today: date) -> bool:
    """Tell whether the host may prepare it: not done yet, and the last day has come (``today`` is local)."""
    return row.state == AttestationState.EXPECTED and today >= row.due_on


def to_prepare(session: Session, conventions: Collection[uuid.UUID], today: date) -> list[Attestation]:
    """Return the attestations of these conventions that the host may prepare ``today`` (local), the oldest first."""
    statement = select(Attestation).where(
        Attestation.convention_id.in_(conventions),
        Attestation.state == AttestationState.EXPECTED,
        Attestation.due_on <= today,
    )
    return list(session.scalars(statement.order_by(Attestation.due_on)))


def unsigned(session: Session, today: date, limit: int = 200) -> list[Attestation]:
    """Return the current tenant's attestations that were due by ``today`` (local) and are not signed, the oldest first."""
    statement = select(Attestation).where(
        Attestation.state != AttestationState.SIGNED, Attestation.due_on <= today
    )
    return list(session.scalars(statement.order_by(Attestation.due_on).limit(limit)))


def planned_days(session: Session, convention: Convention) -> int:
    """Return the days of presence that the timetable plans, of seven hours each (D124-6)."""
    return attested(case_of(session, convention).minutes).days


def held(session: Session, convention: Convention) -> Held:
    """Return what a signed convention holds, as it is amended: its dates, its planned presence, its hourly rate."""
    case = case_of(session, convention)
    return Held(len(case.calendar), case.minutes, rate_of(session, convention))
