"""Use cases of an import: keep the files and read them, correct their columns, write all in one act, drop, forget."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import SchoolFilesHeld, emit
from pfmp_saas.core.moves import move
from pfmp_saas.roster.imports import errors, queries, snapshots, stored
from pfmp_saas.roster.imports.comparing import Line, Plan
from pfmp_saas.roster.imports.models import RosterChange, RosterColumn, RosterFile, RosterImport
from pfmp_saas.roster.imports.states import ImportState
from pfmp_saas.roster.models import Student
from pfmp_saas.roster.reading import files
from pfmp_saas.roster.reading.files import Source

KEPT = timedelta(days=1)
"""For how long an import can be taken back, and files that nobody imported are kept."""
NEW, CHANGED, GONE = "new", "changed", "gone"
_TOLD = ("faults", "doubts", "columns_left")


@dataclass(frozen=True)
class Decisions:
    """What the person decided of a dry run: ``digest`` of the one shown, and of each doubtful line who it is.

    ``doubtful`` gives by a line's rank « same » (the pupil known, whose day of birth was wrong) or « new »;
    a line that it lacks is left aside. ``absent_leave`` says that those whom the files lack have left.
    """

    digest: str
    doubtful: Mapping[int, str] = field(default_factory=dict)
    absent_leave: bool = False


def keep(
    session: Session, sources: Sequence[Source], *, by: uuid.UUID, today: date, now: datetime
) -> RosterImport:
    """Keep files until they are imported, and read them. Raises NoFile, Heavy."""
    if not sources:
        raise errors.NoFile
    if sum(len(source.content) for source in sources) > files.LARGEST:
        raise errors.Heavy(most=files.LARGEST // 1_000_000)
    forget(session, now)
    row = RosterImport(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        names=", ".join(source.name for source in sources)[:300],
        state=ImportState.WAITING,
        read={},
        created_by=by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    for position, source in enumerate(sources):
        session.add(
            RosterFile(
                tenant_id=row.tenant_id,
                import_id=row.id,
                position=position,
                name=source.name,
                content=source.content,
            )
        )
    session.flush()
    read_again(session, row, today)
    emit(session, SchoolFilesHeld(subject_id=row.id, at=now))
    return row


def read_again(session: Session, row: RosterImport, today: date) -> None:
    """Read an import's files as the school says now that their columns are."""
    chosen = queries.columns(session)
    row.read = stored.as_json(files.read(queries.sources(session, row.id), today, chosen, row.encoding))


def correct(
    session: Session, row: RosterImport, fields: Mapping[str, str], encoding: str, today: date
) -> None:
    """Keep what a person says of headers, for this import and the next ones, and read the files again."""
    for header, meant in fields.items():
        said = {"id": uuid.uuid4(), "tenant_id": row.tenant_id, "header": header, "field": meant}
        statement = insert(RosterColumn).values(said)
        session.execute(
            statement.on_conflict_do_update(index_elements=["tenant_id", "header"], set_={"field": meant})
        )
    row.encoding = encoding
    read_again(session, row, today)


def write(
    session: Session, import_id: uuid.UUID, decided: Decisions, *, today: date, now: datetime
) -> RosterImport:
    """Write all that a dry run showed. Raises Changed where it is no more so, Conflict once imported."""
    one_at_a_time(session)
    row = move(session, RosterImport, import_id, "import")
    pupils = queries.held(session)  # a sheet saved meanwhile waits, then finds what was imported
    plan = queries.plan(session, row, today, list(pupils.values()))
    if plan.digest != decided.digest:
        raise errors.Changed
    new, changed, aside = _decided(plan, decided)
    gone = [*plan.leaving, *(plan.absent if decided.absent_leave else ())]
    position = 0
    for kind, lines in ((NEW, new), (CHANGED, changed), (GONE, gone)):
        for line in lines:
            position += 1
            known = pupils.get(line.student_id) if line.student_id and kind != NEW else None
            _put(session, row, line, kind, position, known)
    faulty = len({(fault["file"], fault["line"]) for fault in row.read.get("faults", ())})
    row.told = {"new": len(new), "changed": len(changed), "gone": len(gone), "same": plan.same} | {
        "aside": aside,
        "faulty": faulty,
    }
    row.done_at, row.read = now, {name: row.read.get(name, []) for name in _TOLD}
    session.execute(delete(RosterFile).where(RosterFile.import_id == row.id))
    emit(session, SchoolFilesHeld(subject_id=row.id, at=now))
    session.flush()
    return row


def one_at_a_time(session: Session) -> None:
    """Let one import after the other find the pupils of the school: two at once would each add the same."""
    name = f"roster:{current_tenant(session)}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _decided(plan: Plan, decided: Decisions) -> tuple[list[Line], list[Line], int]:
    """Return the lines to add, those to change, and how many doubtful ones are left aside."""
    new, changed, aside = list(plan.new), list(plan.changed), 0
    for rank, line in enumerate(plan.doubtful):
        answer = decided.doubtful.get(rank)
        if answer == "same":
            changed.append(line)
        elif answer == "new":
            new.append(line)
        else:
            aside += 1
    return new, changed, aside


def _put(
    session: Session, imported: RosterImport, line: Line, kind: str, position: int, row: Student | None
) -> None:
    """Write one line to the pupil known, or to a new one."""
    before, after = line.before, line.after
    if row is None:
        before, after = None, line.alone or line.after
        row = Student(id=uuid.uuid4(), tenant_id=imported.tenant_id, guardians=[])
        session.add(row)
    snapshots.put(row, after)
    session.add(
        RosterChange(
            tenant_id=imported.tenant_id,
            import_id=imported.id,
            student_id=row.id,
            position=position,
            name=line.name,
            kind=kind,
            before=before,
            after=after,
        )
    )


def drop(session: Session, import_id: uuid.UUID) -> None:
    """Forget an import that waits, with its files. Raises Conflict once imported."""
    row = queries.get(session, import_id)
    if row.state != ImportState.WAITING:
        raise errors.Changed
    session.delete(row)


def forget(session: Session, now: datetime) -> None:
    """Forget files that nobody imported within a day, and what former imports changed: they are taken back no more."""
    old = now - KEPT
    waiting = (RosterImport.state == ImportState.WAITING, RosterImport.created_at < old)
    session.execute(delete(RosterImport).where(*waiting))
    former = select(RosterImport.id).where(RosterImport.done_at < old)
    session.execute(delete(RosterChange).where(RosterChange.import_id.in_(former)))
    emptied = update(RosterImport).where(RosterImport.done_at < old).values(read={})
    session.execute(emptied.execution_options(synchronize_session=False))
