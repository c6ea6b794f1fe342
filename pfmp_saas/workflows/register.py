"""All that the register keeps: rows that enter the evidence without being documents to sign."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from pfmp_saas.accidents.audit import ACCIDENTS
from pfmp_saas.difficulties.audit import DIFFICULTIES
from pfmp_saas.evaluations.audit import EVALUATIONS
from pfmp_saas.evidence import register
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.register import Kept
from pfmp_saas.evidence.school import DELEGATIONS, REVISIONS, SCHOOLS, SETTINGS
from pfmp_saas.followups.audit import FOLLOWUPS

KEPT: tuple[Kept, ...] = (
    SCHOOLS, SETTINGS, REVISIONS, DELEGATIONS, ACCIDENTS, EVALUATIONS, FOLLOWUPS, DIFFICULTIES,
)  # fmt: skip


def register_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each row of the register that is not what the evidence last said of it."""
    for kept in KEPT:
        yield from register.row_faults(session, uai, kept)


def taken_in(session: Session) -> list[tuple[date, int]]:
    """Return how many rows of the current school were taken in, by day (UTC): nothing vouches for them before it."""
    day = cast(func.timezone("UTC", EvidenceEvent.at), Date)
    statement = select(day, func.count()).where(EvidenceEvent.kind == register.TAKEN_IN)
    return [(when, count) for when, count in session.execute(statement.group_by(day).order_by(day))]


def take_in(session: Session, now: datetime) -> int:
    """Enter the current school's rows that are older than the register; return how many there were."""
    return sum(register.take_in(session, kept, now) for kept in KEPT)
