"""The figures of a school year: signed in time, how long it takes, who is waited for, accidents, pupils without a host."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import AccidentState
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.signing.models import ASKED, SignatureRequest, Signer
from pfmp_saas.signing.states import RequestState

Row = tuple[str, int]
_DAYS = (
    (3, "trois jours au plus"),
    (7, "une semaine au plus"),
    (14, "deux semaines au plus"),
    (30, "un mois au plus"),
)
_LONGER = "plus d’un mois"


@dataclass(frozen=True)
class Figures:
    """Each list is a caption and a number per line; ``median_days`` runs from the sending to the last signature."""

    in_time: Sequence[Row]
    lasted: Sequence[Row]
    median_days: float | None
    awaited: Sequence[Row]
    accidents: Sequence[Row]
    unplaced: Sequence[Row]


def of_year(session: Session, first: date, last: date, zone: str, today: date) -> Figures:
    """Return the figures of placements that begin from ``first`` up to the day before ``last``, local days in ``zone``."""
    during = (Convention.starts_on >= first, Convention.starts_on < last)
    signed_on = cast(func.timezone(zone, Convention.signed_at), Date)
    signed = session.execute(
        select(Convention.starts_on, signed_on, cast(func.timezone(zone, Convention.sent_at), Date)).where(
            *during, Convention.state == ConventionState.SIGNED
        )
    ).all()
    open_ones = select(func.count()).where(
        *during,
        Convention.starts_on <= today,
        Convention.state.in_((ConventionState.DRAFT, ConventionState.SENT)),
    )
    lasting = [(done - sent).days for _, done, sent in signed if done and sent]
    return Figures(
        in_time=[
            (
                "signées avant le premier jour",
                sum(bool(done and start and done < start) for start, done, _ in signed),
            ),
            (
                "signées le premier jour ou après",
                sum(bool(done and start and done >= start) for start, done, _ in signed),
            ),
            ("commencées sans toutes les signatures", session.scalar(open_ones) or 0),
        ],
        lasted=_by_length(lasting),
        median_days=median(lasting) if lasting else None,
        awaited=_awaited(session),
        accidents=_accidents(session, first, last, zone),
        unplaced=_unplaced(session, first, last),
    )


def _by_length(lasting: Sequence[int]) -> list[Row]:
    counted = dict.fromkeys([*(label for _, label in _DAYS), _LONGER], 0)
    for days in lasting:
        counted[next((label for most, label in _DAYS if days <= most), _LONGER)] += 1
    return list(counted.items())


def _awaited(session: Session) -> list[Row]:
    """Return how many signatures each capacity still owes, the most awaited first."""
    statement = (
        select(Signer.capacity, func.count())
        .join(SignatureRequest, SignatureRequest.id == Signer.request_id)
        .where(ASKED, SignatureRequest.state == RequestState.OPEN)
        .group_by(Signer.capacity)
        .order_by(func.count().desc(), Signer.capacity)
        .limit(12)
    )
    return [(name, number) for name, number in session.execute(statement)]


def _accidents(session: Session, first: date, last: date, zone: str) -> list[Row]:
    day = cast(func.timezone(zone, Accident.occurred_at), Date)
    statement = select(Accident.state, func.count()).where(day >= first, day < last).group_by(Accident.state)
    found: dict[str, int] = dict(session.execute(statement).tuples().all())
    waiting = found.get(AccidentState.RECORDED, 0)
    return [("déclarés", sum(found.values()) - waiting), ("à déclarer", waiting)]


def _unplaced(session: Session, first: date, last: date) -> list[Row]:
    """Return how many pupils have no host yet, by the week in which their placement begins."""
    monday = func.date_trunc("week", Convention.starts_on).cast(Date)
    statement = (
        select(monday, func.count())
        .where(
            Convention.starts_on >= first,
            Convention.starts_on < last,
            Convention.state == ConventionState.DRAFT,
            Convention.host_name == "",
        )
        .group_by(monday)
        .order_by(monday)
    )
    return [(f"semaine du {week:%d/%m/%Y}", number) for week, number in session.execute(statement) if week]
