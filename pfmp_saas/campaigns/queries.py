"""Reading campaigns of the current tenant: where each pupil stands, what keeps drafts back."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from pfmp_saas.campaigns.models import Campaign, Sending
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import existing
from pfmp_saas.core.errors import NotFound
from pfmp_saas.roster.models import Student

_ENDED = (
    ConventionState.REFUSED,
    ConventionState.WITHDRAWN,
    ConventionState.ERASED,
    ConventionState.DISCARDED,
)
_NOTHING = literal([], JSONB)
PAGE = 40


@dataclass(frozen=True)
class Line:
    """One pupil's convention in a campaign; ``blocking`` is what kept it back when it was last saved."""

    id: uuid.UUID
    student_id: uuid.UUID | None
    state: str
    student_name: str
    host_name: str
    referent: str
    request_id: uuid.UUID | None
    blocking: list[dict[str, str]] = field(default_factory=list)

    @property
    def group(self) -> str:
        """Return where it stands: unplaced, lacking, ready, or its state."""
        if self.state != ConventionState.DRAFT:
            return self.state
        if not self.host_name:
            return "unplaced"
        return "lacking" if self.blocking else "ready"


@dataclass
class Reason:
    """One thing that keeps drafts back, and whose."""

    message: str
    code: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """A campaign and how many of its conventions are in each state."""

    campaign: Campaign
    states: dict[str, int]

    @property
    def number(self) -> int:
        """Return the number of its conventions."""
        return sum(self.states.values())


def get(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """Return a campaign. Raises NotFound."""
    return existing(session, Campaign, campaign_id)


def page(session: Session, after: uuid.UUID | None = None) -> list[Standing]:
    """Return a page of the campaigns, the latest period first, after the campaign ``after``."""
    keys = (Campaign.starts_on, Campaign.class_name, Campaign.id)
    statement = select(Campaign).order_by(*(key.desc() for key in keys)).limit(PAGE)
    last = session.get(Campaign, after) if after else None
    if last is not None:
        statement = statement.where(tuple_(*keys) < tuple_(last.starts_on, last.class_name, last.id))
    rows = list(session.scalars(statement))
    states: dict[uuid.UUID, dict[str, int]] = {row.id: {} for row in rows}
    counted = (
        select(Convention.campaign_id, Convention.state, func.count())
        .where(Convention.campaign_id.in_(states))
        .group_by(Convention.campaign_id, Convention.state)
    )
    for campaign_id, state, number in session.execute(counted):
        if campaign_id:
            states[campaign_id][state] = number
    return [Standing(row, states[row.id]) for row in rows]


def lines(session: Session, campaign_id: uuid.UUID) -> list[Line]:
    """Return the conventions of a campaign by pupil, without those that were refused, withdrawn or erased."""
    referent = Convention.data["referent"]["name"].as_string()
    statement = (
        select(
            Convention.id,
            Convention.student_id,
            Convention.state,
            Convention.student_name,
            Convention.host_name,
            func.coalesce(referent, ""),
            Convention.request_id,
            func.coalesce(Convention.blocking, _NOTHING),
        )
        .where(Convention.campaign_id == campaign_id, Convention.state.not_in(_ENDED))
        .order_by(Convention.number)
    )
    return [Line(*row) for row in session.execute(statement)]


def reasons(found: Iterable[Line]) -> list[Reason]:
    """Return what keeps drafts with a host back, the commonest reason first."""
    grouped: dict[tuple[str, str], Reason] = {}
    for line in found:
        if line.group == "lacking":
            for each in line.blocking:
                key = each["code"], each["where"]
                grouped.setdefault(key, Reason(each["message"], each["code"])).lines.append(line)
    return sorted(grouped.values(), key=lambda reason: -len(reason.lines))


def newcomers(session: Session, campaign: Campaign, known: Sequence[Line]) -> list[Student]:
    """Return the pupils of the class who have no convention in the campaign, by name."""
    mine = [line.student_id for line in known if line.student_id]
    statement = select(Student).where(Student.class_name == campaign.class_name, Student.id.not_in(mine))
    statement = statement.where(Student.left_on.is_(None))
    return list(session.scalars(statement.order_by(Student.last_name, Student.first_name)))


def drafts(session: Session, chosen: Iterable[uuid.UUID]) -> list[Convention]:
    """Return those of the chosen conventions that are drafts, by number."""
    statement = select(Convention).where(
        Convention.id.in_(list(chosen)), Convention.state == ConventionState.DRAFT
    )
    return list(session.scalars(statement.order_by(Convention.number)))


def sending_of(session: Session, sending_id: uuid.UUID, account_id: uuid.UUID) -> Sending:
    """Return one of the account's own sendings. Raises NotFound."""
    row = session.get(Sending, sending_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    return row


def latest(session: Session, student_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Return the data of the latest convention that each pupil had signed or in signature, by pupil."""
    statement = (
        select(Convention.student_id, Convention.data)
        .where(
            Convention.student_id.in_(list(student_ids)),
            Convention.state.in_((ConventionState.SENT, ConventionState.SIGNED)),
        )
        .order_by(Convention.student_id, Convention.starts_on.desc())
        .distinct(Convention.student_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
