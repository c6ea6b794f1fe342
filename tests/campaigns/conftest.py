"""A campaign with one draft that is ready to leave."""

import re

import pytest
from sqlalchemy import select

from pfmp_saas.campaigns.models import Campaign
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from tests.support.pages import UAI, page

NEW = f"/ecole/{UAI}/campagnes/nouvelle"
DATES = {"class_name": "1MV2", "start": "12/04/2027", "end": "30/04/2027"}


@pytest.fixture
def ready(office, db, draft):
    """A campaign of Léa's and Yanis's class, Léa's draft filled with all that her first one holds."""
    form = page(office.get(NEW))
    hours = dict.fromkeys(re.findall(r'name="(heures-\d+)"', form), "4")
    answer = office.post(NEW, data={**DATES, **hours})
    assert answer.status_code == 302, page(answer)
    db.rollback()
    row = db.scalars(select(Campaign)).one()
    mine = {
        each.student_name: each
        for each in db.scalars(select(Convention).where(Convention.campaign_id == row.id))
    }
    known = {"host", "tutor", "timetable", "objectives", "activities", "supervision", "assessment", "finance"}
    filled = {name: value for name, value in draft.data.items() if name in known}
    lea = mine["Léa Fontaine"]
    conventions.save(db, lea.id, {**filled, "student": draft.data["student"]})
    db.commit()
    assert office.post(f"/ecole/{UAI}/campagnes/{row.id}/verifier").status_code == 302
    db.expire_all()
    return row, mine
