"""A class's campaign through the pages: opened, corrected for many, sent together; what stays says why."""

import re
from datetime import date

from sqlalchemy import select

from pfmp_saas.campaigns import queries
from pfmp_saas.campaigns.models import Campaign, SendingItem
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import current_tenant
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.jobs import work
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.roster.models import Student
from tests.support.pages import TEACHER, UAI, page

NEW = f"/ecole/{UAI}/campagnes/nouvelle"
DATES = {"class_name": "1MV2", "start": "12/04/2027", "end": "30/04/2027"}


def run_all(settings, db):
    """What the worker does with this school's sending, in this process."""
    configure(settings)
    db.rollback()
    waiting = select(DueItem).where(DueItem.kind == DueKind.SEND, DueItem.state == "waiting")
    for item in db.scalars(waiting).all():
        work.run_due(str(item.tenant_id), str(item.id))
    db.rollback()
    db.expire_all()


def test_a_draft_a_pupil_with_what_is_known_and_the_referents_shared_out(ready):
    row, mine = ready
    assert set(mine) == {"Léa Fontaine", "Yanis Kaddour"}
    assert {each.data["referent"]["name"] for each in mine.values()} == {"Marc Petit", "Aïcha Diallo"}
    assert all(
        each.data["periods"] == [{"start": "2027-04-12", "end": "2027-04-30"}] for each in mine.values()
    )
    assert (row.starts_on, row.ends_on) == (date(2027, 4, 12), date(2027, 4, 30))
    assert mine["Léa Fontaine"].blocking == []


def test_the_unplaced_stand_first_and_reasons_are_grouped(office, ready):
    row, _ = ready
    body = page(office.get(f"/ecole/{UAI}/campagnes/{row.id}"))
    assert "1 sans organisme" in body
    assert "1 prête à partir" in body
    assert body.index('id="unplaced"') < body.index('id="ready"')


def test_sent_together_what_cannot_leave_stays_and_says_why(office, ready, db, seeded):
    row, mine = ready
    chosen = [str(each.id) for each in mine.values()]
    answer = office.post(f"/ecole/{UAI}/campagnes/{row.id}/envoyer", data={"convention": chosen})
    assert answer.status_code == 302
    where = answer.headers["Location"]
    assert 'http-equiv="refresh"' in page(office.get(where))
    run_all(seeded, db)
    ended = page(office.get(where))
    assert "1 convention partie sur 2" in ended
    assert 'http-equiv="refresh"' not in ended
    assert "1 convention n’est pas partie" in ended
    assert re.search(r"Yanis Kaddour</a><br><span class=\"small\">La convention ne peut pas partir", ended)
    states = {name: db.get_one(Convention, each.id).state for name, each in mine.items()}
    assert states == {"Léa Fontaine": "sent", "Yanis Kaddour": "draft"}
    assert {item.state for item in db.scalars(select(SendingItem))} == {"sent", "left"}


def test_a_convention_of_another_campaign_is_not_sent_from_this_one(office, ready, draft):
    row, _ = ready
    answer = office.post(f"/ecole/{UAI}/campagnes/{row.id}/envoyer", data={"convention": str(draft.id)})
    assert answer.status_code == 422
    assert "Cochez au moins une convention" in page(answer)
    assert (
        office.post(f"/ecole/{UAI}/campagnes/{row.id}/envoyer", data={"convention": "x"}).status_code == 404
    )


def test_many_are_corrected_in_one_act_and_the_medical_opinion_is_the_pupils_too(office, ready, db):
    row, mine = ready
    at = f"/ecole/{UAI}/campagnes/{row.id}/corriger"
    chosen = [str(each.id) for each in mine.values()]
    assert office.post(at, data={"convention": chosen}).status_code == 422
    wrong = office.post(at, data={"convention": chosen, "start": "12/04/2027", "objectives": "Diagnostic"})
    assert wrong.status_code == 422
    assert "Donnez le premier et le dernier jour" in page(wrong)
    assert page(wrong).count(" checked") == 2  # the ticks stay
    assert "Diagnostic</textarea>" in page(wrong)
    given = {
        "convention": chosen,
        "medical_opinion_on": "2/11/2026",
        "referent": TEACHER,
        "activities": "Freinage",
    }
    assert office.post(at, data=given).status_code == 302
    db.expire_all()
    for each in mine.values():
        data = db.get_one(Convention, each.id).data
        assert data["referent"]["name"] == "Marc Petit"
        assert data["student"]["medical_opinion_on"] == "2026-11-02"
        assert data["activities"] == ["Freinage"]
        assert db.get_one(Student, each.student_id).medical_opinion_on == date(2026, 11, 2)


def test_dates_that_are_past_or_far_are_asked_about_with_nothing_lost(office, db, seeded):
    past = {**DATES, "start": "2/11/2026", "end": "13/11/2026", "title": "Rattrapage"}
    asked = office.post(NEW, data=past)
    assert asked.status_code == 422
    assert "est déjà passée" in page(asked)
    assert 'value="Rattrapage"' in page(asked)
    assert db.scalars(select(Campaign)).all() == []
    far = office.post(NEW, data={**DATES, "start": "10/01/2028", "end": "28/01/2028"})
    assert "est dans plus d’un an" in page(far)
    assert office.post(NEW, data={**past, "sure": "oui"}).status_code == 302


def test_wrong_dates_and_an_empty_class_are_refused_beside_the_field(office, seeded):
    body = page(office.post(NEW, data={**DATES, "end": "1/04/2027"}))
    assert "La fin précède le début" in body
    assert "Choisissez la classe" in page(office.post(NEW, data={**DATES, "class_name": ""}))
    assert "n’est pas l’un des choix" in page(office.post(NEW, data={**DATES, "class_name": "9Z"}))


def test_a_pupil_who_comes_later_has_a_draft_by_one_button(office, ready, db):
    row, mine = ready
    lea = db.get_one(Student, mine["Léa Fontaine"].student_id)
    db.add(
        Student(
            tenant_id=row.tenant_id,
            first_name="Inaya",
            last_name="Zidi",
            birth_date=date(2010, 1, 2),
            class_name=lea.class_name,
        )
    )
    db.commit()
    at = f"/ecole/{UAI}/campagnes/{row.id}"
    assert "1 élève de la classe n’a pas de brouillon" in page(office.get(at))
    office.post(f"{at}/completer")
    assert "Inaya Zidi" in page(office.get(at))
    assert "Inaya Zidi" not in page(office.get(at)).split("Ouvrir son brouillon")[0].split("<h1>")[0]


def test_campaigns_of_one_day_are_each_on_one_page(db, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    for class_name in ("1A", "1B", "1C", "1D", "1E"):
        common = {
            "periods": [],
            "hours": {},
            "common": {},
            "starts_on": date(2027, 4, 12),
            "ends_on": date(2027, 4, 30),
        }
        db.add(Campaign(tenant_id=current_tenant(db), title=class_name, class_name=class_name, **common))
    db.flush()
    seen, after = [], None
    for _ in range(3):
        found = [standing.campaign for standing in queries.page(db, after)]
        seen += [row.class_name for row in found]
        after = found[-1].id
    assert sorted(seen) == ["1A", "1B", "1C", "1D", "1E"]
    assert queries.page(db, after) == []
