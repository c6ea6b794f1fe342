"""Reading imports: those of the school, one with its dry run, what one changed."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pfmp_saas.core.database import existing
from pfmp_saas.roster.imports import comparing, stored
from pfmp_saas.roster.imports.comparing import Plan
from pfmp_saas.roster.imports.models import RosterChange, RosterColumn, RosterFile, RosterImport
from pfmp_saas.roster.models import Student
from pfmp_saas.roster.reading.files import Source

PAGE = 100
_LATEST = 20
_WHOLE = select(Student).options(selectinload(Student.guardians)).order_by(Student.id)


def get(session: Session, import_id: uuid.UUID) -> RosterImport:
    """Return an import of the current tenant. Raises NotFound."""
    return existing(session, RosterImport, import_id)


def latest(session: Session) -> list[RosterImport]:
    """Return the school's latest imports, newest first."""
    statement = select(RosterImport).order_by(RosterImport.created_at.desc(), RosterImport.id)
    return list(session.scalars(statement.limit(_LATEST)))


def sources(session: Session, import_id: uuid.UUID) -> list[Source]:
    """Return the files of an import that waits."""
    statement = select(RosterFile.name, RosterFile.content).where(RosterFile.import_id == import_id)
    return [Source(*row) for row in session.execute(statement.order_by(RosterFile.position))]


def columns(session: Session) -> dict[str, str]:
    """Return what the school said of headers: the field by their key."""
    said = select(RosterColumn.header, RosterColumn.field)
    return {row.header: row.field for row in session.execute(said)}


def plan(session: Session, row: RosterImport, today: date, pupils: Sequence[Student] | None = None) -> Plan:
    """Return what an import would do now, to all pupils of the school or to these, which are all."""
    known_now = known(session) if pupils is None else pupils
    return comparing.compare(stored.roster(row.read), known_now, today)


def known(session: Session) -> Sequence[Student]:
    """Return every pupil of the school with the guardians, in one order."""
    return session.scalars(_WHOLE).all()


def held(session: Session, pupils: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, Student]:
    """Return pupils, all where none are named, by identifier: locked and read afresh until the transaction ends."""
    statement = _WHOLE.with_for_update(of=Student).execution_options(populate_existing=True)
    if pupils is not None:
        statement = statement.where(Student.id.in_(pupils))
    return {each.id: each for each in session.scalars(statement)}


def changes(session: Session, import_id: uuid.UUID, page: int | None = None) -> list[RosterChange]:
    """Return what an import changed, in the order of its files: a page of it, the first is 0, or all."""
    statement = select(RosterChange).where(RosterChange.import_id == import_id)
    statement = statement.order_by(RosterChange.position, RosterChange.id)
    if page is not None:
        statement = statement.limit(PAGE).offset(page * PAGE)
    return list(session.scalars(statement))
