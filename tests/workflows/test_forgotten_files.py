"""School files handed over are forgotten by the clock, though nobody hands over others."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.roster.imports import use_cases
from pfmp_saas.roster.imports.models import RosterFile, RosterImport
from pfmp_saas.roster.reading.files import Source
from pfmp_saas.workflows import flow
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from tests.support.clock import NOW, TODAY


def test_the_clock_forgets_files_that_nobody_imported(db, seeded):
    row = use_cases.keep(db, [Source("a.csv", b"nom;prenom\nZed;Ana")], by=uuid.uuid4(), today=TODAY, now=NOW)
    row_id = row.id
    react(db, Around(seeded.base_url, NOW))
    item = db.scalars(
        select(DueItem).where(DueItem.kind == DueKind.FORGET, DueItem.subject_id == row_id)
    ).one()
    assert timedelta(days=1) <= item.due_at - NOW < timedelta(days=1, hours=1)
    flow.DUE[DueKind.FORGET](db, item, Around(seeded.base_url, item.due_at))
    db.expire_all()
    assert db.get(RosterImport, row_id) is None
    assert db.scalars(select(RosterFile).where(RosterFile.import_id == row_id)).all() == []
