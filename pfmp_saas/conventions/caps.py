"""Caps over several conventions (trainees, conventions of a tutor, hours), counted in the database.

The rules stay those of :mod:`pfmp_saas.law.checks`; here the facts are completed by what the
database counts. What crosses schools is numbers, and the dates of the previous placement on a post: nobody's name.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention, Placement
from pfmp_saas.core import crossing
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.identifiers import siren_of
from pfmp_saas.core.text import fold
from pfmp_saas.core.years import school_year
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.facts import Facts
from pfmp_saas.law.money.allowance import YEARS_BEFORE, guess_level
from pfmp_saas.law.presence import Period
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.revisions.use_cases import type_of


def lock(session: Session, row: Convention) -> None:
    """Lock the caps of a convention until the transaction ends: two senders, of any school, go one after the other.

    Locks are taken in one order, so that two senders never wait for each other.
    """
    for name in sorted(f"{kind}:{key}" for kind, key in _keys(row).items() if key):
        session.execute(text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def known(session: Session, row: Convention, facts: Facts) -> Facts:
    """Return a convention's facts completed by the counts of the others in force; the higher count wins."""
    keys, days = _keys(row), facts.presence.calendar
    if not days:
        return facts
    others = _others(session, row, keys["student"])
    same_host = [placement for placement in others if placement.siren == keys["siren"] and keys["siren"]]
    host = replace(
        facts.host,
        trainees=_most(facts.host.trainees, _trainees(session, row, keys["siren"], days)),
        hours_done=max(facts.host.hours_done, _hours_done(facts, same_host, days[0])),
        **_previous(session, row, facts, same_host, days[0]),
    )
    student = replace(
        facts.student,
        elsewhere=tuple(sorted(Period(placement.starts_on, placement.ends_on) for placement in others)),
        sequences_done=_sequences_done(row, facts, others, days[0]),
    )
    return replace(
        facts,
        school_holidays=facts.school_holidays or _holidays(session),
        host=host,
        student=student,
        pupils_followed=_most(facts.pupils_followed, _running(session, row, "referent", keys, days)),
        running_conventions=_most(facts.running_conventions, _running(session, row, "tutor", keys, days)),
    )


def register(session: Session, row: Convention, facts: Facts) -> None:
    """Insert the placements of a sent convention, so that the caps count it."""
    session.add_all(Placement(**values) for values in placements(session, row, facts))
    session.flush()


def placements(session: Session, row: Convention, facts: Facts) -> list[dict[str, Any]]:
    """Return what the placements of a convention in force are, column by column."""
    keys, profile = _keys(row), type_of(session, row).profile
    return [
        {
            "tenant_id": row.tenant_id,
            "convention_id": row.id,
            "starts_on": period.start,
            "ends_on": period.end,
            "minutes": Case(replace(facts, periods=(period,)), profile).minutes,
            "siren": keys["siren"],
            "tutor_key": keys["tutor"],
            "referent_key": keys["referent"],
            "student_key": keys["student"],
            "active": True,
        }
        for period in facts.periods
    ]


def replace_all(session: Session, row: Convention, facts: Facts) -> None:
    """Replace the placements of a convention by those of its amended facts."""
    session.execute(delete(Placement).where(Placement.convention_id == row.id))
    register(session, row, facts)


def release(session: Session, row: Convention) -> None:
    """Make the placements of a refused or withdrawn convention inactive: the caps count them no longer."""
    session.execute(update(Placement).where(Placement.convention_id == row.id).values(active=False))


def _keys(row: Convention) -> dict[str, str]:
    data: dict[str, Any] = row.data
    student = data.get("student") or {}
    names = (fold(student.get(name) or "") for name in ("last_name", "first_name"))
    person = [row.tenant_id, *names, student.get("birth_date")]
    return {
        "siren": entity(data.get("host") or {}),
        "tutor": _hashed(_tutor(data)),
        "referent": _hashed(travelling((data.get("referent") or {}).get("email") or "")),
        "student": _hashed("|".join(str(part) for part in person)),
    }


def entity(host: Mapping[str, Any]) -> str:
    """Return what names a host's legal entity: its SIREN or, without one, a hash of its name and address as compared.

    A host without SIRET whose name or address is not known is nobody's double: "".
    """
    siren = siren_of(host.get("siret") or "")
    name, address = (fold(host.get(part) or "") for part in ("name", "address"))
    return siren or (_hashed(f"{name}|{address}") if name and address else "")


def _tutor(data: dict[str, Any]) -> str | None:
    """Return the text that identifies a tutor: the address or, without one, the name within the legal entity."""
    tutor, siren = data.get("tutor") or {}, entity(data.get("host") or {})
    name = fold(tutor.get("name") or "")
    return travelling(tutor.get("email") or "") or (f"{siren}|{name}" if siren and name else None)


def _hashed(value: str | None) -> str:
    return hashlib.sha256(value.strip().lower().encode()).hexdigest() if value and value.strip() else ""


def _most(typed: int | None, others: int) -> int | None:
    """Return the higher of the typed number (this one included) and the counted one; None when both are unknown."""
    counted = others + 1 if others else 0
    return max(typed or 0, counted) or None


def _trainees(session: Session, row: Convention, siren: str, days: Sequence[date]) -> int:
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    return crossing.host_trainees(session, siren, mondays, row.id) if siren else 0


def _running(session: Session, row: Convention, role: str, keys: dict[str, str], days: Sequence[date]) -> int:
    return crossing.running(session, role, keys[role], days, row.id) if keys[role] else 0


def _others(session: Session, row: Convention, student: str) -> Sequence[Placement]:
    """Return the placements of the student's other conventions in this school."""
    mine = (Placement.active, Placement.student_key == student, Placement.convention_id != row.id)
    return session.scalars(select(Placement).where(*mine)).all()


def _hours_done(facts: Facts, same_host: Iterable[Placement], first: date) -> Decimal:
    """Return the student's hours with this host in the other conventions of the same teaching year (D124-6)."""
    year = facts.teaching_year(first)
    minutes = (each.minutes for each in same_host if facts.teaching_year(each.starts_on) == year)
    return Decimal(sum(minutes)) / 60


def _holidays(session: Session) -> tuple[Period, ...]:
    """Return the school's holidays of today's settings, for a draft that is older than them."""
    holidays = tenants.settings(session).school_holidays
    days = (
        (date.fromisoformat(holiday["start"]), date.fromisoformat(holiday["end"])) for holiday in holidays
    )
    return tuple(sorted(Period(start, end) for start, end in days))


def _previous(
    session: Session, row: Convention, facts: Facts, same_host: Iterable[Placement], first: date
) -> dict[str, Any]:
    """Return the last placement on the same post (L124-11) and the source of that knowledge, as facts of the host.

    No data name a post: a tutor's earlier trainee in the same legal entity, of any school, or
    the same pupil there, is taken for the same post, and the warning says so. The latest one counts.
    """
    keys, typed = _keys(row), facts.host.previous_placement
    candidates = [
        (Period(placement.starts_on, placement.ends_on), "pupil")
        for placement in same_host
        if placement.ends_on < first
    ]
    if keys["siren"] and keys["tutor"]:
        dates = crossing.previous_placement(session, keys["siren"], keys["tutor"], first, row.id)
        candidates += [(Period(*dates), "tutor")] if dates else []
    candidates += [(typed, "said")] if typed else []
    if not candidates:
        return {}
    period, why = max(candidates, key=lambda known: (known[0].end, known[1] == "said", known[0].start))
    return {"previous_placement": period, "previous_known_by": why}


def _sequences_done(row: Convention, facts: Facts, others: Iterable[Placement], first: date) -> int | None:
    """Return the number of the cycle's earlier sequences: the higher of the typed and the counted one."""
    student = row.data.get("student") or {}
    level = guess_level(student.get("diploma") or "", student.get("class_name") or "")
    if level is None:
        return facts.student.sequences_done
    opens = school_year(first) - YEARS_BEFORE[level]
    counted = sum(
        1 for placement in others if placement.starts_on < first and school_year(placement.starts_on) >= opens
    )
    return max(facts.student.sequences_done or 0, counted)
