"""Reading hosts: the list, one, whom it took, its tutors, its free places, and the declaration that covers a convention."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.hosts.models import HostDeclaration
from pfmp_saas.conventions.models import Convention, Host
from pfmp_saas.core import crossing
from pfmp_saas.core.database import existing
from pfmp_saas.core.identifiers import siren_of
from pfmp_saas.core.text import fold
from pfmp_saas.law.checks.caps import trainees_allowed
from pfmp_saas.roster import queries as roster
from pfmp_saas.roster.models import Student

PAGE = 60
_NOBODY = uuid.UUID(int=0)
_WITHIN = 12
ORDERS: Mapping[str, Sequence[Any]] = {
    "nom": (func.lower(Host.name), Host.id),
    "recents": (Host.updated_at.desc(), Host.id),
}
"""Orders of the list, by the word that asks for one."""


def page(
    session: Session, *, search: str | None = None, start: int = 0, order: str = "nom", most: int = PAGE
) -> list[Host]:
    """Return a page of the hosts, from the row ``start`` on: those whose name, sign, SIRET or town have all the words."""
    statement = select(Host).order_by(*ORDERS.get(order, ORDERS["nom"]))
    for word in fold(search or "").split():
        statement = statement.where(Host.folded.contains(word, autoescape=True))
    return list(session.scalars(statement.limit(most).offset(start)))


def count(session: Session) -> int:
    """Return how many hosts the school knows."""
    return session.scalar(select(func.count(Host.id))) or 0


def get(session: Session, host_id: uuid.UUID) -> Host:
    """Return a host of the current tenant. Raises NotFound."""
    return existing(session, Host, host_id)


def taken(session: Session, host: Host, most: int = 50) -> list[Convention]:
    """Return the conventions of a host, under all that it is or was known by, the latest first.

    One without SIRET is known by its name and address: a convention is found by the name.
    """
    known = [host.identity, *host.former]
    sirets = [each for each in known if each.isdigit()]
    named = [each.partition("|")[0] for each in known if not each.isdigit()]
    mine: list[Any] = [Convention.host_siret.in_(sirets)]
    if named:
        unnumbered = func.coalesce(Convention.host_siret, "") == ""
        written = or_(
            *(Convention.folded.contains(each, autoescape=True) for each in named)
        )  # read, not reckoned
        mine.append(unnumbered & written & func.pfmp_fold(Convention.host_name).in_(named))
    statement = select(Convention).where(or_(*mine)).order_by(Convention.number.desc())
    return list(session.scalars(statement.limit(most)))


def tutors(conventions: Sequence[Convention]) -> list[dict[str, Any]]:
    """Return the tutors of conventions, each once, the latest first."""
    found: dict[str, dict[str, Any]] = {}
    for row in conventions:
        tutor = row.data.get("tutor") or {}
        if tutor.get("name"):
            found.setdefault(fold(tutor["name"]), tutor)
    return list(found.values())


@dataclass(frozen=True)
class Places:
    """The trainees that a host may have in one week, and those whom it has in the fullest of the next weeks."""

    allowed: int
    taken: int

    @property
    def free(self) -> int:
        """Return how many more it may take."""
        return max(0, self.allowed - self.taken)


def places(session: Session, host: Host, today: date) -> Places | None:
    """Return the free places of a host in the twelve weeks from ``today`` on, by its cap; None where its SIREN or staff is not known."""
    staff, siren = host.data.get("staff"), siren_of(host.siret)
    if not siren or not isinstance(staff, int):
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = [monday + timedelta(weeks=week) for week in range(_WITHIN)]
    now = crossing.host_trainees(session, siren, weeks, _NOBODY)
    return Places(trainees_allowed(staff, academic_order=bool(host.data.get("academic_order"))), now)


def declarations(session: Session, host_id: uuid.UUID) -> list[HostDeclaration]:
    """Return a host's declarations, the latest first."""
    mine = select(HostDeclaration).where(HostDeclaration.host_id == host_id)
    return list(session.scalars(mine.order_by(HostDeclaration.sent_on.desc(), HostDeclaration.id)))


def doubles(session: Session, host: Host) -> list[Host]:
    """Return the sheets that may be of the same host: the same name, or the same legal entity at the same address."""
    siren, address = siren_of(host.siret), fold(host.data.get("address") or "")
    alike = [func.pfmp_fold(Host.name) == fold(host.name)]
    if siren and address:
        same = func.pfmp_fold(func.coalesce(Host.data["address"].as_string(), "")) == address
        alike.append(Host.siret.startswith(siren) & same)
    statement = select(Host).where(or_(*alike), Host.id != host.id).order_by(Host.name, Host.id)
    return list(session.scalars(statement.limit(10)))


def covering(session: Session, row: Convention, host: Host) -> HostDeclaration | None:
    """Return the checked declaration of a host that covers a convention's course, place, works and days; None where none does."""
    works = {str(each).strip() for each in row.data.get("works") or ()}
    if not works or not row.starts_on or not row.ends_on:
        return None
    courses = _courses(session, row)
    address = fold(str((row.data.get("host") or {}).get("address") or host.data.get("address") or ""))
    for each in declarations(session, host.id):
        there = not each.place or fold(each.place) in address
        named = {fold(line) for line in each.courses} & courses
        good = each.sent_on <= row.starts_on and row.ends_on <= each.until
        if each.checked_at and good and there and named and works <= set(each.works):
            return each
    return None


def _courses(session: Session, row: Convention) -> set[str]:
    """Return what a declaration may call the course of a convention's pupil."""
    student = row.data.get("student") or {}
    diploma, title = (student.get(name) or "" for name in ("diploma", "course_title"))
    pupil = session.get(Student, row.student_id) if row.student_id else None
    mef = pupil.mef[: roster.MEF] if pupil else ""
    return {fold(each) for each in (title, f"{diploma} {title}", mef) if each.strip()}


def of_convention(session: Session, row: Convention) -> Host | None:
    """Return the school's sheet of a convention's host, by its SIRET; None where there is none."""
    siret = (row.data.get("host") or {}).get("siret") or ""
    if not siret:
        return None
    mine = or_(Host.siret == siret, Host.former.contains([siret]))
    return session.scalars(select(Host).where(mine).limit(1)).one_or_none()


def every_declaration(session: Session) -> list[tuple[HostDeclaration, Host]]:
    """Return the declarations of derogation of all hosts, the oldest first, with their host."""
    statement = (
        select(HostDeclaration, Host)
        .join(Host, Host.id == HostDeclaration.host_id)
        .order_by(HostDeclaration.sent_on, Host.name)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]
