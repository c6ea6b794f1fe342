"""What the other conventions say of this one: the caps that no single file can show.

The rules stay those of :mod:`pfmp_saas.conventions.checks`; here the facts are completed by what the
database counts. Counts of hosts and of people cross schools and tell numbers only.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from pfmp_saas.conventions.checks.case import Case
from pfmp_saas.conventions.checks.profiles import PROFILES
from pfmp_saas.conventions.facts import Facts, Period
from pfmp_saas.conventions.models import Convention, Placement
from pfmp_saas.core import crossing

_SEPTEMBER = 9


def lock(session: Session, row: Convention) -> None:
    """Take the last places one sender at a time, in every school, until the transaction ends.

    Locks are taken in one order, so that two senders never wait for each other.
    """
    for name in sorted(f"{kind}:{key}" for kind, key in _keys(row).items() if key):
        session.execute(text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def known(session: Session, row: Convention, facts: Facts) -> Facts:
    """Complete a convention's facts by what the other conventions in force say; the higher count wins."""
    keys, days = _keys(row), _days(facts.periods)
    if not days:
        return facts
    host = replace(
        facts.host,
        trainees=_most(facts.host.trainees, _trainees(session, row, keys["siren"], days)),
        hours_done=max(facts.host.hours_done, _hours_done(session, row, keys, days[0])),
    )
    return replace(
        facts,
        host=host,
        student=replace(facts.student, elsewhere=_elsewhere(session, row, keys["student"])),
        pupils_followed=_most(facts.pupils_followed, _running(session, row, "referent", keys, days)),
        running_conventions=_most(facts.running_conventions, _running(session, row, "tutor", keys, days)),
    )


def register(session: Session, row: Convention, facts: Facts) -> None:
    """Count a convention from its sending on."""
    keys = _keys(row)
    for period in facts.periods:
        part = Case(replace(facts, periods=(period,)), PROFILES[facts.type])
        placement = Placement(
            tenant_id=row.tenant_id,
            convention_id=row.id,
            starts_on=period.start,
            ends_on=period.end,
            minutes=part.minutes,
            siren=keys["siren"],
            tutor_key=keys["tutor"],
            referent_key=keys["referent"],
            student_key=keys["student"],
            active=True,
        )
        session.add(placement)
    session.flush()


def release(session: Session, row: Convention) -> None:
    """Give back the places of a convention that was refused or withdrawn."""
    session.execute(update(Placement).where(Placement.convention_id == row.id).values(active=False))


def _keys(row: Convention) -> dict[str, str]:
    data: dict[str, Any] = row.data
    student = data.get("student") or {}
    person = [row.tenant_id, student.get("last_name"), student.get("first_name"), student.get("birth_date")]
    return {
        "siren": str((data.get("host") or {}).get("siret") or "")[:9],
        "tutor": _hashed((data.get("tutor") or {}).get("email")),
        "referent": _hashed((data.get("referent") or {}).get("email")),
        "student": _hashed("|".join(str(part) for part in person)),
    }


def _hashed(value: str | None) -> str:
    return hashlib.sha256(value.strip().lower().encode()).hexdigest() if value and value.strip() else ""


def _days(periods: Iterable[Period]) -> list[date]:
    found = {
        period.start + timedelta(days=rank)
        for period in periods
        for rank in range((period.end - period.start).days + 1)
    }
    return sorted(found)


def _most(typed: int | None, others: int) -> int | None:
    """Return the higher of what was typed (this one included) and what is counted; None when nobody knows."""
    counted = others + 1 if others else 0
    return max(typed or 0, counted) or None


def _trainees(session: Session, row: Convention, siren: str, days: list[date]) -> int:
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    return crossing.host_trainees(session, siren, mondays, row.id) if siren else 0


def _running(session: Session, row: Convention, role: str, keys: dict[str, str], days: list[date]) -> int:
    return crossing.running(session, role, keys[role], days, row.id) if keys[role] else 0


def _elsewhere(session: Session, row: Convention, student: str) -> tuple[Period, ...]:
    mine = (Placement.active, Placement.student_key == student, Placement.convention_id != row.id)
    found = session.execute(select(Placement.starts_on, Placement.ends_on).where(*mine))
    return tuple(sorted(Period(start, end) for start, end in found))


def _hours_done(session: Session, row: Convention, keys: dict[str, str], first: date) -> Decimal:
    """Return the student's hours with this host in the other conventions of the same teaching year (D124-6)."""
    opens = date(first.year - (first.month < _SEPTEMBER), _SEPTEMBER, 1)
    statement = select(func.coalesce(func.sum(Placement.minutes), 0)).where(
        Placement.active,
        Placement.student_key == keys["student"],
        Placement.siren == keys["siren"],
        Placement.convention_id != row.id,
        Placement.starts_on >= opens,
        Placement.starts_on < opens.replace(year=opens.year + 1),
    )
    return Decimal(session.scalar(statement) or 0) / 60
