"""What the tests of follow-ups share: a placement to come, and one that runs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.conventions.models import Convention
from pfmp_saas.followups import queries
from pfmp_saas.workflows import during_placement
from pfmp_saas.workflows.context import Around
from tests.support.clock import NOW, TODAY


@pytest.fixture
def hugo(db):
    """Hugo Morel's signed convention, its placement moved to January 2027 and its reminders forgotten."""
    row = db.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()
    for each in queries.of_convention(db, row.id):
        db.delete(each)
    db.flush()
    row.data = {**row.data, "periods": [{"start": "2027-01-11", "end": "2027-02-05"}]}
    row.starts_on, row.ends_on = date(2027, 1, 11), date(2027, 2, 5)
    db.flush()
    return row


@pytest.fixture
def running(db, hugo):
    """The same, its placement begun a week ago."""
    start = TODAY - timedelta(days=7)
    end = start + timedelta(days=25)
    hugo.data = {**hugo.data, "periods": [{"start": start.isoformat(), "end": end.isoformat()}]}
    during_placement._plan(db, hugo, Around("http://x.example", NOW))
    db.commit()
    return hugo
