"""What the tests of the roster share: reading files as on one day."""

import uuid
from datetime import date
from pathlib import Path

import pytest

from pfmp_saas.roster.imports import queries, stored, use_cases
from pfmp_saas.roster.imports.use_cases import Decisions
from pfmp_saas.roster.reading import files
from pfmp_saas.roster.reading.values import Roster
from tests.support.clock import NOW
from tests.support.clock import TODAY as PRESENT

TODAY = date(2026, 11, 26)
HEADER = "nom;prenom;date_naissance;classe;courriel;representant;courriel_representant"


@pytest.fixture
def read():
    """Reads files given by path, or one by its content."""

    def run(*given, name="liste.csv", today=TODAY):
        sources = [
            files.Source(each.name, each.read_bytes()) if isinstance(each, Path) else files.Source(name, each)
            for each in given
        ]
        return files.read(sources, today)

    return run


@pytest.fixture
def listed(read):
    """Reads lines under the usual header."""

    def run(*lines, encoding="utf-8", header=HEADER):
        return read("\n".join([header, *lines]).encode(encoding))

    return run


@pytest.fixture
def imported(db):
    """Imports files given as texts or bytes, with what was decided: the import, and the plan that it was shown."""

    def run(*contents, doubtful=None, absent_leave=False, now=NOW, digest=None):
        sources = [
            files.Source(f"{rank}.csv", each.encode() if isinstance(each, str) else each)
            for rank, each in enumerate(contents)
        ]
        row = use_cases.keep(db, sources, by=uuid.uuid4(), today=PRESENT, now=now)
        plan = queries.plan(db, row, PRESENT)
        decided = Decisions(digest or plan.digest, doubtful or {}, absent_leave=absent_leave)
        return use_cases.write(db, row.id, decided, today=PRESENT, now=now), plan

    return run


@pytest.fixture
def keep_pupils(db):
    """Imports pupils as read, and counts those added and those changed."""

    def run(pupils):
        row = use_cases.keep(
            db, [files.Source("a.csv", b"nom;date_naissance")], by=uuid.uuid4(), today=PRESENT, now=NOW
        )
        row.read = stored.as_json(Roster(pupils=tuple(pupils)))
        db.flush()
        decided = Decisions(queries.plan(db, row, PRESENT).digest)
        told = use_cases.write(db, row.id, decided, today=PRESENT, now=NOW).told
        return told["new"], told["changed"]

    return run
