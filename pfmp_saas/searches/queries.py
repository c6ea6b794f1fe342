"""Reading searches of the current tenant: who has none, who searches where, and free places at known hosts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention, Host
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core import crossing
from pfmp_saas.core.database import existing
from pfmp_saas.core.identifiers import siren_of
from pfmp_saas.law.checks.caps import trainees_allowed
from pfmp_saas.searches.errors import SearchOver
from pfmp_saas.searches.kinds import StepKind
from pfmp_saas.searches.models import SearchStep

QUIET = timedelta(days=7)
"""Without a step for so long, a search has gone quiet."""
_RECENT = timedelta(days=800)
_HOSTS = 12


@dataclass
class Search:
    """A pupil without a host, and the steps of the search, the latest first."""

    convention: Convention
    steps: list[SearchStep] = field(default_factory=list)

    @property
    def found(self) -> SearchStep | None:
        """Return the latest step that says which host agreed."""
        return next((step for step in self.steps if step.kind == StepKind.FOUND), None)

    @property
    def unanswered(self) -> SearchStep | None:
        """Return the request for help that no offer has followed (L612-8)."""
        last = next((step for step in self.steps if step.kind in (StepKind.ASKED, StepKind.OFFERED)), None)
        return last if last and last.kind == StepKind.ASKED else None

    def standing(self, today: date) -> str:
        """Return where the search stands: found, asked, none, quiet, or going on."""
        if self.found:
            return "found"
        if self.unanswered:
            return "asked"
        if not self.steps:
            return "none"
        return "quiet" if self.steps[0].done_on < today - QUIET else "going"


_ORDER = ("found", "asked", "none", "quiet", "going")


@dataclass(frozen=True)
class FreePlaces:
    """A host that took pupils of the same diploma, and how many more it may take during the period by its cap."""

    host: Host
    taken: int
    free: int


def of_class(session: Session, campaign_id: uuid.UUID, today: date) -> list[Search]:
    """Return the searches of a campaign: what waits for the school first, then those who have not begun."""
    mine = select(Convention).where(
        Convention.campaign_id == campaign_id,
        Convention.state == ConventionState.DRAFT,
        Convention.host_name == "",
    )
    rows = list(session.scalars(mine.order_by(Convention.student_name, Convention.number)))
    steps = _steps(session, [row.id for row in rows])
    found = [Search(row, steps.get(row.id, [])) for row in rows]
    return sorted(found, key=lambda search: _ORDER.index(search.standing(today)))


def of(session: Session, convention_id: uuid.UUID) -> Search:
    """Return the search behind a draft. Raises NotFound, SearchOver when it is no draft any more."""
    row = existing(session, Convention, convention_id)
    if row.state != ConventionState.DRAFT:
        raise SearchOver
    return Search(row, _steps(session, [row.id]).get(row.id, []))


def _steps(session: Session, conventions: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[SearchStep]]:
    statement = select(SearchStep).where(SearchStep.convention_id.in_(conventions))
    steps: dict[uuid.UUID, list[SearchStep]] = {}
    for step in session.scalars(statement.order_by(SearchStep.place.desc())):
        steps.setdefault(step.convention_id, []).append(step)
    return steps


def _last_words() -> Subquery:
    """Return the last request or offer of each draft without a host."""
    return (
        select(SearchStep.convention_id, SearchStep.kind, SearchStep.done_on)
        .join(Convention, Convention.id == SearchStep.convention_id)
        .where(
            SearchStep.kind.in_((StepKind.ASKED, StepKind.OFFERED)),
            Convention.state == ConventionState.DRAFT,
            Convention.host_name == "",
        )
        .order_by(SearchStep.convention_id, SearchStep.place.desc())
        .distinct(SearchStep.convention_id)
        .subquery()
    )


def counting_unanswered() -> Select[int, Any]:
    """Return the statement of how many requests for help wait for an offer, and since when."""
    last = _last_words()
    return select(func.count(), func.min(last.c.done_on)).where(last.c.kind == StepKind.ASKED)


def asked(session: Session, most: int = 50) -> list[Search]:
    """Return the searches whose request for help waits for an offer, the oldest request first."""
    last = _last_words()
    waiting = (
        select(Convention)
        .join(last, last.c.convention_id == Convention.id)
        .where(last.c.kind == StepKind.ASKED)
        .order_by(last.c.done_on, Convention.number)
        .limit(most)
    )
    rows = list(session.scalars(waiting))
    steps = _steps(session, [row.id for row in rows])
    return [Search(row, steps[row.id]) for row in rows]


def free_places(session: Session, convention: Convention) -> list[FreePlaces]:
    """Return the known hosts of the pupil's trade that may take one more during the placement, the emptiest first."""
    first, last = convention.starts_on, convention.ends_on
    if not first or not last:
        return []
    hosts = _of_trade(session, convention, first)
    mondays = [
        first - timedelta(days=first.weekday()) + timedelta(days=7 * week)
        for week in range(((last - first).days + first.weekday()) // 7 + 1)
    ]
    sirens = {host.id: siren_of(host.siret) for host in hosts if siren_of(host.siret)}
    taken = crossing.trainees_of(session, sorted(set(sirens.values())), mondays, convention.id)
    places = [_places(host, taken.get(sirens.get(host.id, ""), 0)) for host in hosts]
    return sorted((each for each in places if each.free > 0), key=lambda each: (-each.free, each.host.name))


def _of_trade(session: Session, convention: Convention, before: date) -> list[Host]:
    diploma = (convention.data.get("student") or {}).get("diploma") or ""
    siret = Convention.data["host"]["siret"].as_string()
    taken = (
        select(siret)
        .where(
            Convention.state.in_((ConventionState.SENT, ConventionState.SIGNED)),
            Convention.starts_on >= before - _RECENT,
            Convention.data["student"]["diploma"].as_string() == diploma,
        )
        .distinct()
    )
    statement = select(Host).where(Host.siret != "", Host.siret.in_(taken)).order_by(Host.name)
    return list(session.scalars(statement.limit(_HOSTS)))


def _places(host: Host, taken: int) -> FreePlaces:
    staff = host.data.get("staff")
    allowed = trainees_allowed(
        staff if isinstance(staff, int) else 0, academic_order=bool(host.data.get("academic_order"))
    )
    return FreePlaces(host, taken, allowed - taken)
