"""The host's half: asked by a link, filled from a phone, taken up field by field; and what its link can't do."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.use_cases import save
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.halves import queries
from pfmp_saas.halves.models import HostHalf
from tests.support.pages import PYRENE, UAI, page

ASKED = {"name": "Luc Moreau", "email": "luc@moreau.example", "words": "Surtout le vendredi."}
HOST = {
    "host.siret": "73282932000074", "host.name": "Garage Moreau", "host.address": "3 rue du Four, 21000 Dijon",
    "host.territory": "21", "host.representative.name": "Luc Moreau", "host.representative.function": "gérant",
    "host.representative.email": "luc@moreau.example", "host.staff": "8", "vers": "",
}  # fmt: skip


def _mails(db, kind):
    db.rollback()
    return db.scalars(
        select(OutgoingMail).where(OutgoingMail.kind == kind).order_by(OutgoingMail.created_at)
    ).all()


def _link(db, number=-1):
    return re.search(r"http://pfmp\.example(/accueil/\S+)", _mails(db, "host-half")[number].body)[1]


def _data(db, draft):
    db.rollback()
    return db.get_one(Convention, draft.id, populate_existing=True).data


def test_from_the_question_to_the_convention(app, office, db, draft, own, work_off):
    before = _data(db, draft)
    assert office.post(f"{own}/demander", data=ASKED).status_code == 302
    (mail,) = _mails(db, "host-half")
    assert mail.recipient == "luc@moreau.example" and "Surtout le vendredi." in mail.body
    link, host = _link(db), app.test_client()
    assert "Votre partie de la convention" in page(host.get(link)) and draft.student_name in page(
        host.get(link)
    )
    wrong = host.post(f"{link}/entreprise", data={**HOST, "host.siret": "12345678901234"})
    assert (wrong.status_code, "Ce SIRET n’existe pas" in page(wrong)) == (422, True)
    assert "Garage Moreau" in page(host.get(f"{link}/entreprise"))  # what could be read is kept
    assert host.post(f"{link}/entreprise", data=HOST).location.endswith("/encadrement")
    hours = {"fill.hours": "8h-12h 13h-16h", "fill.days": ["monday", "friday"], "vers": "remplir"}
    assert host.post(f"{link}/horaires", data=hours).location.endswith("/horaires")
    long = {
        "monday.am.start": "08:00",
        "monday.am.end": "12:00",
        "monday.pm.start": "13:00",
        "monday.pm.end": "19:00",
    }
    host.post(f"{link}/horaires", data={**long, "vers": "horaires"})
    assert "L’horaire licite le plus proche" in page(host.get(f"{link}/horaires"))
    assert host.post(f"{link}/horaires", data={**long, "vers": "corriger"}).location.endswith("/horaires")
    assert "L’horaire licite le plus proche" not in page(host.get(f"{link}/horaires"))
    assert host.post(f"{link}/horaires", data=hours).status_code == 302
    sent = host.post(f"{link}/encadrement", data={"tutor.name": "Ali Ben", "vers": "envoyer"})
    assert sent.location.endswith("/fini") and "a vos réponses" in page(host.get(sent.location))
    assert _data(db, draft) == before  # nothing of it is the convention's before the school takes it up
    work_off()
    told = _mails(db, "host-half-answered")
    assert told and f"{own}" in told[0].body
    assert "a rempli sa partie" in page(office.get(f"/ecole/{UAI}/"))
    assert draft.student_name in page(office.get(f"/ecole/{UAI}/accueil"))
    shown = page(office.get(own))
    assert "Garage Moreau" in shown and "8 h – 12 h" in shown
    mark = re.search(r'name="mark" value="([^"]+)"', shown)[1]
    chosen = {"mark": mark, "paths": ["host.name", "timetable", "student.first_name"]}
    assert office.post(f"{own}/reprendre", data=chosen).status_code == 302
    after = _data(db, draft)
    assert (after["host"]["name"], after["tutor"]) == ("Garage Moreau", before["tutor"])
    assert after["timetable"]["monday"] == [["08:00", "12:00"], ["13:00", "16:00"]]
    assert after["student"] == before["student"]
    assert host.get(link).status_code == host.post(f"{link}/entreprise", data=HOST).status_code == 410
    assert db.scalars(select(HostHalf)).one().answers == {}


@pytest.mark.attack
def test_the_link_of_a_half_opens_it_alone_and_closes(app, office, db, draft, own):
    office.post(f"{own}/demander", data=ASKED)
    link, host = _link(db), app.test_client()
    for wrong in (
        link[:-1],
        f"{link}A",
        link.replace(UAI, PYRENE),
        link.replace(UAI, "0000000X"),
        f"{link}/eleve",
    ):
        assert host.get(wrong).status_code == 404, wrong
    sent = host.post(
        f"{link}/entreprise", data={**HOST, "student.last_name": "Autre", "school.name": "Autre"}
    )
    assert sent.status_code == 302
    db.rollback()
    assert {path.split(".")[0] for path in db.scalars(select(HostHalf)).one().answers} == {"host"}
    assert office.post(f"{own}/demander", data=ASKED).status_code == 302  # clicked twice: one mail
    assert len(_mails(db, "host-half")) == 1
    assert "Garage Moreau" in page(host.get(f"{link}/entreprise"))
    assert office.post(f"{own}/demander", data={**ASKED, "email": "autre@moreau.example"}).status_code == 302
    assert (
        host.get(link).status_code == 404
    )  # its successor starts from the draft, not from another's answers
    other = _link(db)
    assert host.get(other).status_code == 200 and "Garage Moreau" not in page(host.get(f"{other}/entreprise"))
    assert office.post(f"/ecole/{UAI}/conventions/{draft.id}/supprimer").status_code == 302
    assert host.get(other).status_code == 404
    db.rollback()
    assert queries.of_convention(db, draft.id) is None


def test_two_pages_at_once_and_a_stale_page_lose_nothing(app, office, db, draft, own):
    office.post(f"{own}/demander", data=ASKED)
    link, host = _link(db), app.test_client()
    seen = re.search(r'name="seen" value="([^"]+)"', host.get(f"{link}/encadrement").text)[1]
    seen = unescape(seen)
    assert host.post(f"{link}/encadrement", data={"seen": seen, "tutor.name": "Ali Ben"}).status_code == 302
    late = host.post(f"{link}/encadrement", data={"seen": seen, "tutor.name": "Ali Bent"})
    assert (late.status_code, "Ali Ben »" in page(late)) == (409, True)
    shown = page(office.get(own))
    assert "pas encore envoyé" in shown
    host.post(f"{link}/encadrement", data={"tutor.name": "Eva Roy", "vers": "envoyer"})
    stale = office.post(f"{own}/reprendre", data={"mark": "0.0", "paths": ["tutor.name"]})
    assert (stale.status_code, "relisez" in page(stale)) == (409, True)
    assert _data(db, draft)["tutor"] == draft.data["tutor"]


def test_whom_to_ask_is_told_beside_its_field(office, db, own):
    assert "Demander à l’organisme" in page(office.get(own))
    for data, words in (
        ({**ASKED, "email": "luc"}, "adresse"),
        ({**ASKED, "name": ""}, "Donnez le nom"),
        ({**ASKED, "words": "x" * 601}, "600 caractères au plus"),
    ):
        answer = office.post(f"{own}/demander", data=data)
        assert (answer.status_code, words in page(answer)) == (422, True), data
    assert _mails(db, "host-half") == []


def test_the_hosts_of_ticked_drafts_are_asked_once(office, db):
    drafts = db.scalars(select(Convention).where(Convention.state == "draft")).all()
    new = f"/ecole/{UAI}/campagnes/nouvelle"
    fields = {"class_name": "1MV2", "start": "12/04/2027", "end": "30/04/2027"}
    fields |= dict.fromkeys(re.findall(r'name="(heures-\d+)"', page(office.get(new))), "4")
    at = office.post(new, data=fields).location
    db.rollback()
    pupils = db.scalars(select(Convention).where(Convention.campaign_id.is_not(None))).all()
    first, second = pupils[:2]
    first.data = {**first.data, "tutor": {"name": "Ali Ben", "email": "ali@moreau.example"}}
    db.commit()
    ticked = {
        "convention": [str(first.id), str(second.id), str(drafts[0].id)]
    }  # the last is none of the campaign's
    for _ in range(2):
        assert office.post(f"{at}/accueil", data=ticked).status_code == 302
    assert [mail.recipient for mail in _mails(db, "host-half")] == ["ali@moreau.example"]


def test_the_mail_that_asks_a_host_for_its_declaration_is_ready(office, db, draft, own):
    save(db, draft.id, {"works": ["28"], "host": {**draft.data["host"], "derogation_sent_on": None}})
    db.commit()
    shown = page(office.get(f"/ecole/{UAI}/conventions/{draft.id}"))
    assert "Demander la déclaration à l’organisme" in shown
    ready = page(office.get(f"{own}?pour=derogation"))
    assert "D. 4153-28" in ready and draft.data["host"]["representative"]["email"] in ready
    assert "D. 4153-28" not in page(office.get(own))
