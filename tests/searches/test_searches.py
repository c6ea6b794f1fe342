"""A search for a placement: the pupil's log behind a link, what the school sees and answers, and where it ends."""

from datetime import date, timedelta
from io import BytesIO

import pypdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention, Host
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.searches import queries
from pfmp_saas.searches.models import SearchStep
from tests.support.clock import TODAY
from tests.support.pages import PYRENE, UAI, page

TRIED = {"host_name": "Garage Moreau", "kind": "called", "contact": "M. Moreau", "words": "Rappeler lundi"}
FOUND = {
    "host_name": "Garage Moreau", "contact": "03 80 00 00 00", "address": "3 rue du Four, 21000 Dijon",
    "representative": "Luc Moreau", "representative_email": "luc@moreau.example", "tutor": "Ali Ben", "siret": "",
}  # fmt: skip


def _standing(db, yanis):
    db.rollback()
    db.expire_all()
    found = queries.of_class(db, yanis.campaign_id, TODAY)
    return {search.convention.student_name: search.standing(TODAY) for search in found}


def _steps(db, yanis):
    return db.scalars(select(SearchStep).where(SearchStep.convention_id == yanis.id)).all()


def test_from_the_first_call_to_the_convention(app, office, db, yanis, log):
    pupil = app.test_client()
    assert _standing(db, yanis)["Yanis Kaddour"] == "none"
    shown = page(pupil.get(log))
    assert "Mon carnet de recherche" in shown and "Yanis Kaddour" in shown
    assert pupil.post(log, data=TRIED).status_code == 302
    assert _standing(db, yanis)["Yanis Kaddour"] == "going"
    assert pupil.post(f"{log}/aide", data={"words": "Je ne trouve pas"}).status_code == 302
    assert _standing(db, yanis)["Yanis Kaddour"] == "asked"
    assert "1 élève demande une place" in page(office.get(f"/ecole/{UAI}/"))
    own = f"/ecole/{UAI}/recherches/{yanis.id}"
    assert "Proposez un organisme" in page(office.post(own, data={"known": ""}))
    offered = office.post(
        own,
        data={
            "known": "",
            "host_name": "Carrosserie Roux",
            "contact": "Mme Roux",
            "words": "Appelle demain.",
        },
    )
    assert offered.status_code == 302
    assert "Carrosserie Roux" in page(pupil.get(log)) and "Appelle demain." in page(pupil.get(log))
    assert _standing(db, yanis)["Yanis Kaddour"] == "going"
    assert pupil.post(f"{log}/accord", data=FOUND).status_code == 302
    assert _standing(db, yanis)["Yanis Kaddour"] == "found"
    assert office.post(f"{own}/reprendre").status_code == 302
    db.rollback()
    row = db.get_one(Convention, yanis.id, populate_existing=True)
    assert row.data["host"]["representative"] == {"name": "Luc Moreau", "email": "luc@moreau.example"}
    assert (row.host_name, row.data["tutor"]["name"]) == ("Garage Moreau", "Ali Ben")
    assert "Yanis Kaddour" not in _standing(db, yanis)


def test_an_offer_is_written_to_a_pupil_with_an_address(office, db, yanis, log):
    yanis.data = {**yanis.data, "student": {**yanis.data["student"], "email": "yanis@eleve.example"}}
    db.commit()
    offer = {"known": "", "host_name": "Carrosserie Roux", "words": "Appelle."}
    assert office.post(f"/ecole/{UAI}/recherches/{yanis.id}", data=offer).status_code == 302
    db.rollback()
    mail = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "search-offer")).one()
    assert mail.recipient == "yanis@eleve.example" and log in mail.body and "Carrosserie Roux" in mail.body


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(app, db, yanis, log):
    pupil = app.test_client()
    for path, data, words in (
        (log, {**TRIED, "host_name": ""}, "Donnez le nom de l’entreprise."),
        (
            log,
            {name: value for name, value in TRIED.items() if name != "kind"},
            "Choisissez ce que vous avez fait.",
        ),
        (log, {**TRIED, "done_on": "32/13/2027"}, "32/13/2027"),
        (f"{log}/accord", {**FOUND, "siret": "12345678901234"}, "Ce SIRET n’existe pas"),
        (f"{log}/accord", {**FOUND, "representative_email": "luc"}, "adresse"),
        (f"{log}/aide", {"words": "x" * 1001}, "1000 caractères au plus"),
    ):
        answer = pupil.post(path, data=data)
        shown = page(answer)
        assert (answer.status_code, words in shown) == (422, True), (path, data)
        for typed in data.values():
            assert str(typed)[:60] in shown or len(typed) > 900
    db.rollback()
    assert _steps(db, yanis) == []


@pytest.mark.attack
def test_the_link_opens_one_log_and_dies_with_the_draft(app, office, db, yanis, log):
    pupil = app.test_client()
    pupil.post(log, data=TRIED)
    db.rollback()
    (step,) = _steps(db, yanis)
    token = log.rsplit("/", 1)[1]
    swapped = ("B" if token[0] != "B" else "C") + token[1:]
    for wrong in (
        log[:-1],
        log + "A",
        log.replace(token, swapped),
        log.replace(UAI, PYRENE),
        log.replace(UAI, "0000000X"),
    ):
        assert pupil.get(wrong).status_code == 404, wrong
        assert pupil.post(f"{wrong}/effacer", data={"step": str(step.id)}).status_code == 404
    lea = db.scalars(
        select(Convention).where(
            Convention.campaign_id == yanis.campaign_id, Convention.student_name == "Léa Fontaine"
        )
    ).one()
    other = page(office.get(f"/ecole/{UAI}/recherches/{lea.id}")).split("/recherche/")[1].split("<")[0]
    assert pupil.post(f"/recherche/{other}/effacer", data={"step": str(step.id)}).status_code == 404
    assert pupil.get(log).headers["Referrer-Policy"] == "no-referrer"
    offer = {"known": "", "words": "Venez me voir."}
    office.post(f"/ecole/{UAI}/recherches/{yanis.id}", data=offer)
    db.rollback()
    (school_s,) = (each for each in _steps(db, yanis) if each.kind == "offered")
    assert pupil.post(f"{log}/effacer", data={"step": str(school_s.id)}).status_code == 404
    assert pupil.post(f"{log}/effacer", data={"step": "x"}).status_code == 404
    assert pupil.post(f"{log}/effacer", data={"step": str(step.id)}).status_code == 302
    assert office.post(f"/ecole/{UAI}/conventions/{yanis.id}/supprimer").status_code == 302
    db.rollback()
    assert _steps(db, yanis) == []
    assert pupil.get(log).status_code == 410
    assert pupil.post(log, data=TRIED).status_code == 410


def test_the_printed_sheet_leads_each_pupil_to_the_own_log(app, office, yanis, log):
    answer = office.get(f"/ecole/{UAI}/campagnes/{yanis.campaign_id}/feuille.pdf")
    words = " ".join(each.extract_text() for each in pypdf.PdfReader(BytesIO(answer.data)).pages)
    assert "Yanis Kaddour" in words and "Léa Fontaine" in words
    picture = pypdfium2.PdfDocument(answer.data)[0].render(scale=3).to_pil()
    links = {each.text for each in zxingcpp.read_barcodes(picture)}
    assert len(links) == 2 and f"http://pfmp.example{log}" in links


def test_free_places_are_those_of_the_trade_by_the_cap(db, yanis):
    assert yanis.starts_on == date(2027, 4, 12)
    sent = db.scalars(select(Convention).where(Convention.state == "signed")).all()
    siret = "55208131766522"
    db.add(
        Host(tenant_id=yanis.tenant_id, identity=siret, siret=siret, name="Garage Libre", data={"staff": 4})
    )
    one = sent[0]
    one.data = {
        **one.data,
        "host": {**one.data["host"], "siret": siret},
        "student": {**one.data["student"], "diploma": yanis.data["student"]["diploma"]},
    }
    db.flush()
    names = {each.host.name: each.free for each in queries.free_places(db, yanis)}
    assert names["Garage Libre"] == 3
    one.data = {**one.data, "student": {**one.data["student"], "diploma": "CAP Fleuriste"}}
    db.flush()
    assert "Garage Libre" not in {each.host.name for each in queries.free_places(db, yanis)}
    assert timedelta(days=7) == queries.QUIET


def test_what_the_school_typed_stays_when_the_pupil_s_find_is_taken_up(app, office, db, yanis, log):
    conventions.save(db, yanis.id, {"host": {"address": "9 rue Neuve, 21000 Dijon"}})
    db.commit()
    app.test_client().post(f"{log}/accord", data=FOUND)
    assert office.post(f"/ecole/{UAI}/recherches/{yanis.id}/reprendre").status_code == 302
    db.rollback()
    host = db.get_one(Convention, yanis.id, populate_existing=True).data["host"]
    assert (host["name"], host["address"]) == ("Garage Moreau", "9 rue Neuve, 21000 Dijon")
