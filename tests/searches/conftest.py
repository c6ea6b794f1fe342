"""A pupil without a host, in a campaign of the class, and the link of the printed sheet."""

import re

import pytest
from sqlalchemy import select

from pfmp_saas.conventions.models import Convention
from tests.support.pages import UAI, page

NEW = f"/ecole/{UAI}/campagnes/nouvelle"
DATES = {"class_name": "1MV2", "start": "12/04/2027", "end": "30/04/2027"}


@pytest.fixture
def yanis(office, db):
    """Yanis's draft of a campaign: no host yet."""
    hours = dict.fromkeys(re.findall(r'name="(heures-\d+)"', page(office.get(NEW))), "4")
    assert office.post(NEW, data={**DATES, **hours}).status_code == 302
    db.rollback()
    mine = (Convention.campaign_id.is_not(None), Convention.student_name == "Yanis Kaddour")
    return db.scalars(select(Convention).where(*mine)).one()


@pytest.fixture
def log(office, yanis):
    """The address of Yanis's log, as the school's page gives it."""
    shown = page(office.get(f"/ecole/{UAI}/recherches/{yanis.id}"))
    return re.search(r"http://pfmp\.example(/recherche/\S+?)</span>", shown)[1]
