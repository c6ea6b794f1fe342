"""Use cases of a campaign: open it with a draft a pupil, add newcomers, correct several drafts, check them again."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from pfmp_saas.campaigns import errors, queries
from pfmp_saas.campaigns.models import Campaign
from pfmp_saas.campaigns.sharing import spread
from pfmp_saas.conventions import judging
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.dates import span
from pfmp_saas.roster.models import Student
from pfmp_saas.roster.queries import classmates

Json = dict[str, Any]
_FAR = timedelta(days=366)
_SAME_PLACE = ("host", "tutor", "timetable", "works", "objectives", "activities", "supervision", "assessment")
"""What a pupil who goes back to the same host takes up from the placement before."""


@dataclass(frozen=True)
class Plan:
    """What a campaign is opened with; ``again`` takes up each pupil's last host, ``sure`` confirms unusual dates."""

    title: str
    class_name: str
    periods: list[dict[str, str]]
    hours: Mapping[str, float]
    common: Json
    prepared_on: date | None = None
    visited_by: date | None = None
    again: bool = False
    sure: bool = False


def start(
    session: Session, plan: Plan, *, created_by: uuid.UUID | None, today: date, now: datetime
) -> Campaign:
    """Open a campaign and one draft for each pupil of the class. Raises EmptyClass, Unusual."""
    pupils = classmates(session, plan.class_name, most=200)
    if not pupils:
        raise errors.EmptyClass
    first = date.fromisoformat(plan.periods[0]["start"])
    last = date.fromisoformat(plan.periods[-1]["end"])
    if not plan.sure and (strange := unusual(first, last, today)):
        raise errors.Unusual(words=strange)
    campaign = Campaign(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        title=plan.title or f"{plan.class_name}, {span(first, last)}",
        class_name=plan.class_name,
        periods=plan.periods,
        starts_on=first,
        ends_on=last,
        hours=dict(plan.hours),
        common=plan.common,
        prepared_on=plan.prepared_on,
        visited_by=plan.visited_by,
        created_by=created_by,
    )
    session.add(campaign)
    session.flush()
    add(session, campaign, pupils, again=plan.again, created_by=created_by, now=now)
    return campaign


def unusual(first: date, last: date, today: date) -> str | None:
    """Return in French what is strange in the dates of a placement: past, or more than a year away; None where nothing is."""
    if last < today:
        return f"{span(first, last)} est déjà passée"
    if first < today:
        return f"{span(first, last)} est déjà commencée"
    return f"{span(first, last)} est dans plus d’un an" if first > today + _FAR else None


def add(
    session: Session,
    campaign: Campaign,
    pupils: Sequence[Student],
    *,
    again: bool = False,
    created_by: uuid.UUID | None = None,
    now: datetime,
) -> list[Convention]:
    """Open a draft of the campaign for each pupil, with all that is known filled in."""
    before = queries.latest(session, [pupil.id for pupil in pupils]) if again else {}
    teachers = spread(len(pupils), campaign.hours)
    rows = []
    for pupil, teacher in zip(pupils, teachers, strict=True):
        row = conventions.create_draft(session, student_id=pupil.id, created_by=created_by, now=now)
        row.campaign_id = campaign.id
        taken = {
            name: before[pupil.id][name]
            for name in _SAME_PLACE
            if pupil.id in before and name in before[pupil.id]
        }
        referent = {"referent": {"email": teacher}} if teacher else {}
        own = {name: value for name, value in campaign.common.items() if value}
        changes = {**taken, **own, **referent, "periods": campaign.periods}
        rows.append(conventions.save(session, row.id, changes, created_by))
    return rows


@dataclass(frozen=True)
class Correction:
    """What several drafts take: parts of a convention's data, and the day of the pupils' medical opinion."""

    parts: Json
    medical_opinion_on: date | None = None


def correct(
    session: Session, chosen: Iterable[uuid.UUID], correction: Correction, by: uuid.UUID | None
) -> int:
    """Give the chosen drafts what a correction holds; return how many. Raises NothingChosen, NothingChanged."""
    rows = queries.drafts(session, chosen)
    if not rows:
        raise errors.NothingChosen
    opinion = correction.medical_opinion_on
    if not correction.parts and opinion is None:
        raise errors.NothingChanged
    for row in rows:
        student = (
            {**(row.data.get("student") or {}), "medical_opinion_on": opinion.isoformat()}
            if opinion
            else None
        )
        conventions.save(session, row.id, correction.parts | ({"student": student} if student else {}), by)
    if opinion:
        _known_of_pupils(session, rows, opinion)
    return len(rows)


def _known_of_pupils(session: Session, rows: Iterable[Convention], opinion: date) -> None:
    """Keep a medical opinion's day with the pupils too: it is typed once a pupil, not once a convention."""
    mine = [row.student_id for row in rows if row.student_id]
    session.execute(update(Student).where(Student.id.in_(mine)).values(medical_opinion_on=opinion))


def check_again(session: Session, campaign_id: uuid.UUID) -> None:
    """Reckon anew what keeps a campaign's drafts back: caps and dates change with what others do."""
    waiting = [line.id for line in queries.lines(session, campaign_id) if line.state == "draft"]
    for row in queries.drafts(session, waiting):
        row.blocking = judging.blocking(session, row)
