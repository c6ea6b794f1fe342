"""The year at a glance: the calendar and a teacher's own, the figures, a campaign's documents in one archive."""

import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from pfmp_saas.accounts import roles
from pfmp_saas.campaigns.models import Campaign
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.text import file_name
from pfmp_saas.workflows.figures import of_year
from tests.support.clock import NOW, TODAY
from tests.support.pages import OFFICE, PYRENE, TEACHER, UAI, page


def _calendar(teacher):
    shown = page(teacher.get(f"/enseignant/{UAI}/"))
    return re.search(r'href="http://pfmp\.example(/calendrier/\S+?\.ics)"', shown)[1]


def test_a_teacher_s_calendar_has_the_pupils_periods_and_no_session(app, signed_in, db, hugo):
    address = _calendar(signed_in(TEACHER))
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    events = {str(each["summary"]): each for each in Calendar.from_ical(answer.data).walk("VEVENT")}
    (mine,) = (each for name, each in events.items() if name.startswith("Hugo Morel"))
    days = (mine["dtstart"].dt, mine["dtend"].dt - timedelta(days=1))
    assert days == (hugo.starts_on, hugo.ends_on)
    assert str(mine["uid"]) == f"{hugo.id}-{hugo.starts_on:%Y%m%d}@pfmp"


@pytest.mark.attack
def test_a_calendar_s_address_opens_one_teacher_s_and_dies_with_the_access(app, signed_in, db):
    address, visitor = _calendar(signed_in(TEACHER)), app.test_client()
    for wrong in (address.replace(UAI, PYRENE), address.replace(".ics", "A.ics"), f"/calendrier/{UAI}/x.ics"):
        assert visitor.get(wrong).status_code == 404
    teacher = next(
        each for each in roles.queries.members(db, frozenset({roles.Role.REFERENT})) if each.email == TEACHER
    )
    roles.remove_member(db, teacher.account_id, "referent", roles.Giving(None, "", NOW))
    db.commit()
    assert visitor.get(address).status_code == 404


def test_the_calendar_shows_each_class_by_month(signed_in, hugo):
    shown = page(signed_in(OFFICE).get(f"/ecole/{UAI}/calendrier"))
    assert hugo.class_name in shown
    assert "Aucune période" in page(signed_in(OFFICE).get(f"/ecole/{UAI}/calendrier?annee=2030"))


def test_the_figures_are_those_of_the_rows(signed_in, db, hugo):
    first, last = TODAY - timedelta(days=200), TODAY + timedelta(days=200)
    found = of_year(db, first, last, "Europe/Paris", TODAY)
    signed = db.scalars(select(Convention).where(Convention.state == "signed")).all()
    assert sum(number for _, number in found.in_time[:2]) == len(signed) >= 1
    assert sum(number for _, number in found.lasted) == len(signed)
    hugo.signed_at = hugo.sent_at + timedelta(days=20)
    db.flush()
    assert dict(of_year(db, first, last, "Europe/Paris", TODAY).lasted)["un mois au plus"] == 1
    shown = page(signed_in(OFFICE).get(f"/ecole/{UAI}/chiffres?annee=2026"))
    assert "Signées à temps" in shown and "Élèves sans organisme" in shown


def test_a_campaign_s_documents_come_in_one_archive_by_name(signed_in, db, hugo):
    campaign = Campaign(
        tenant_id=hugo.tenant_id, title="1MV2 : hiver / printemps", class_name=hugo.class_name,
        periods=hugo.data["periods"], starts_on=hugo.starts_on, ends_on=hugo.ends_on, hours={}, common={},
    )  # fmt: skip
    db.add(campaign)
    db.flush()
    db.execute(update(Convention).where(Convention.id == hugo.id).values(campaign_id=campaign.id))
    db.commit()
    answer = signed_in(OFFICE).get(f"/ecole/{UAI}/campagnes/{campaign.id}/documents.zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        (name,) = archive.namelist()
        assert archive.read(name).startswith(b"%PDF-")
    assert name.startswith(f"Hugo Morel - {hugo.host_name} - {hugo.starts_on:%Y-%m-%d} - {hugo.number}")
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a/b\\c:d", "a b c d"),
        ("..", "document"),
        ("é" * 300, "é" * 120),
        ("x\u202e\ny", "x y"),
        ("", "document"),
    ],
)
def test_a_file_s_name_is_one_that_any_system_keeps(text, name):
    assert file_name(text) == name
