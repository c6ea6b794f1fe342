"""When placements take place: a school's sequences by class, and a referent's pupils."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention, ConventionParty, Placement
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.roles import Role

_COUNTED = (ConventionState.DRAFT, ConventionState.SENT, ConventionState.SIGNED)
_MOST = 1000


@dataclass(frozen=True)
class Sequenced:
    """A class away during the same days: how many pupils, and of how many everybody has signed."""

    class_name: str
    starts_on: date
    ends_on: date
    number: int
    signed: int


def sequences(session: Session, first: date, last: date) -> list[Sequenced]:
    """Return a school's sequences that meet two local days, in their order."""
    signed = func.count().filter(Convention.state == ConventionState.SIGNED)
    keys = (Convention.starts_on, Convention.ends_on, Convention.class_name)
    statement = (
        select(Convention.class_name, Convention.starts_on, Convention.ends_on, func.count(), signed)
        .where(Convention.state.in_(_COUNTED), Convention.starts_on <= last, Convention.ends_on >= first)
        .group_by(*keys)
        .order_by(*keys)
    )
    return [
        Sequenced(name, starts, ends, number, done)
        for name, starts, ends, number, done in session.execute(statement)
        if starts and ends
    ]


@dataclass(frozen=True)
class Away:
    """One period of a pupil's placement."""

    convention: Convention
    starts_on: date
    ends_on: date


def followed_by(session: Session, account_id: uuid.UUID, since: date) -> Sequence[Away]:
    """Return the periods, in force and not over on a local day, of the pupils whom a referent follows."""
    statement = (
        select(Convention, Placement.starts_on, Placement.ends_on)
        .join(ConventionParty, ConventionParty.convention_id == Convention.id)
        .join(Placement, Placement.convention_id == Convention.id)
        .where(
            ConventionParty.account_id == account_id,
            ConventionParty.role == Role.REFERENT,
            Placement.active,
            Placement.ends_on >= since,
        )
        .order_by(Placement.starts_on, Convention.student_name)
        .limit(_MOST)
    )
    return [Away(*row) for row in session.execute(statement)]
