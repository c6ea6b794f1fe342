"""Reading accidents, and who must declare one."""

import uuid
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import AccidentState
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import existing
from pfmp_saas.law.territories import first_held, territory
from pfmp_saas.types.loader import get_type


def declarant_of(convention: Convention) -> str:
    """Return who must declare an accident: ``school`` in the agricultural regime, ``host`` otherwise."""
    return "school" if get_type(convention.type_slug).accident_regime == "agricultural" else "host"


def local_zone(convention: Convention) -> ZoneInfo:
    """Return the time zone where the pupil works: that of the host, or of the school if the host's is unknown."""
    host, school = convention.data.get("host") or {}, convention.data.get("school") or {}
    return territory(first_held(host.get("territory"), school.get("territory"))).zone


def get(session: Session, accident_id: uuid.UUID) -> Accident:
    """Return an accident of the current tenant. Raises NotFound."""
    return existing(session, Accident, accident_id)


def of_convention(session: Session, convention_id: uuid.UUID) -> list[Accident]:
    """Return a convention's accidents, the latest first."""
    statement = select(Accident).where(Accident.convention_id == convention_id)
    return list(session.scalars(statement.order_by(Accident.occurred_at.desc())))


def correction_of(session: Session, accident_id: uuid.UUID) -> Accident | None:
    """Return the entry that corrects an accident, if there is one."""
    return session.scalars(select(Accident).where(Accident.corrects_id == accident_id)).one_or_none()


def undeclared(session: Session) -> list[Accident]:
    """Return the current tenant's accidents still to declare, the most urgent first."""
    statement = select(Accident).where(Accident.state == AccidentState.RECORDED)
    return list(session.scalars(statement.order_by(Accident.deadline)))


def between(session: Session, first: date, after: date) -> list[tuple[Accident, Convention]]:
    """Return the accidents that happened from a day to the eve of another, where the pupil works, with their conventions."""
    day = cast(func.timezone(Accident.timezone, Accident.occurred_at), Date)
    statement = (
        select(Accident, Convention)
        .join(Convention, Convention.id == Accident.convention_id)
        .where(day >= first, day < after)
        .order_by(Accident.occurred_at)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]
