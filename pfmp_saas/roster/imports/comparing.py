"""The dry run: what files would change of the pupils that the school knows. Nothing here writes."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pfmp_saas.roster.imports import snapshots
from pfmp_saas.roster.models import Student
from pfmp_saas.roster.reading.values import ReadPupil, Roster

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One pupil of the files, or one whom they lack: who it is in the database, what he or she is and would be."""

    name: str
    place: str
    before: Json | None
    after: Json
    student_id: uuid.UUID | None = None
    born: str = ""
    reason: str = ""
    alone: Json | None = None
    """A doubtful pupil as he or she would be if nobody of that name were known."""

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Return what differs, for people."""
        return snapshots.differences(self.before or snapshots.nobody(), self.after)


@dataclass(frozen=True)
class Plan:
    """What an import would do. ``doubtful`` have the names of somebody known, and another day of birth.

    ``leaving`` are told gone by the files, or apprentices; ``absent`` are known and in none of them.
    """

    new: tuple[Line, ...] = ()
    changed: tuple[Line, ...] = ()
    doubtful: tuple[Line, ...] = ()
    leaving: tuple[Line, ...] = ()
    absent: tuple[Line, ...] = ()
    same: int = 0

    @property
    def few_absent(self) -> bool:
        """Tell whether no more are absent than found again: otherwise the files are rather another school's, or a part of it."""
        return len(self.absent) <= self.same + len(self.changed)

    @property
    def digest(self) -> str:
        """Return what names this plan: two that would write the same have the same."""
        parts = (self.new, self.changed, self.doubtful, self.leaving, self.absent)
        whole = [[(str(line.student_id), line.before, line.after) for line in part] for part in parts]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def compare(found: Roster, known: Sequence[Student], today: date) -> Plan:
    """Return what files would change of the pupils known, as on ``today``."""
    by_identity: dict[tuple[str, date], Student] = {}
    for row in known:
        by_identity.setdefault((row.identity, row.birth_date), row)
    by_name = {row.identity: row for row in known if row.left_on is None}
    new: list[Line] = []
    changed: list[Line] = []
    doubtful: list[Line] = []
    same = 0
    for pupil in found.kept(today):
        mine = by_identity.get(pupil.identity)
        line = _line(pupil, mine, whole=found.whole)
        if mine is not None and line.before == line.after:
            same += 1
        elif mine is not None:
            changed.append(line)
        elif pupil.identity[0] in by_name:
            doubtful.append(_doubtful(pupil, by_name[pupil.identity[0]], whole=found.whole))
        else:
            new.append(line)
    leaving = tuple(_leaving(found, by_identity, today))
    absent = tuple(_absent(found, known, leaving, doubtful, today))
    return Plan(tuple(new), tuple(changed), tuple(doubtful), leaving, absent, same)


def _line(pupil: ReadPupil, row: Student | None, *, whole: bool) -> Line:
    before = snapshots.of(row) if row is not None else None
    after = snapshots.told(before or snapshots.nobody(), pupil, whole=whole)
    return Line(
        f"{pupil.last_name} {pupil.first_name}".strip(),
        f"{pupil.file}, ligne {pupil.line}",
        before,
        after,
        row.id if row is not None else None,
        f"{pupil.birth_date:%d/%m/%Y}",
    )


def _doubtful(pupil: ReadPupil, row: Student, *, whole: bool) -> Line:
    line = _line(pupil, row, whole=whole)
    reason = f"déjà connu en {row.class_name or 'sans classe'}, naissance le {row.birth_date:%d/%m/%Y}"
    alone = snapshots.told(snapshots.nobody(), pupil, whole=whole)
    return Line(line.name, line.place, line.before, line.after, row.id, line.born, reason, alone)


def _gone(row: Student, day: date, place: str, reason: str) -> Line:
    before = snapshots.of(row)
    after = {**before, "left_on": day.isoformat()}
    name = f"{row.last_name} {row.first_name}".strip()
    return Line(name, place, before, after, row.id, f"{row.birth_date:%d/%m/%Y}", reason)


def _leaving(found: Roster, known: Mapping[tuple[str, date], Student], today: date) -> Iterable[Line]:
    for pupil in (*found.left(today), *found.apprentices(today)):
        row = known.get(pupil.identity)
        if row is not None and row.left_on is None:
            gone = pupil.left_on is not None and pupil.left_on <= today
            day = pupil.left_on if gone and pupil.left_on else today
            reason = f"sorti le {day:%d/%m/%Y}" if gone else "apprenti : un contrat, pas de convention"
            yield _gone(row, day, f"{pupil.file}, ligne {pupil.line}", reason)


def _absent(
    found: Roster, known: Sequence[Student], leaving: Sequence[Line], doubtful: Sequence[Line], today: date
) -> Iterable[Line]:
    """Yield who is known and in no file: of the school where the files are whole, else of the classes that they name."""
    named = {pupil.identity for pupil in found.pupils}
    classes = {pupil.class_name for pupil in found.kept(today) if pupil.class_name}
    elsewhere = {line.student_id for line in (*leaving, *doubtful)}
    for row in known:
        if row.left_on or row.id in elsewhere or (row.identity, row.birth_date) in named:
            continue
        if found.whole or row.class_name in classes:
            yield _gone(row, today, "", row.class_name or "sans classe")
