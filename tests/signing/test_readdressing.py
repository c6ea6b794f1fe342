"""A signer's address corrected in place: the old link dies, the new one leaves, nothing else changes; the evidence holds it."""

import re

import pytest
from sqlalchemy import select, update

from pfmp_saas.amendments.audit import data_faults
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.signing.audit import document_faults
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from tests.support.clock import NOW
from tests.support.pages import OFFICE, TEACHER, UAI, page

RIGHT = "karim.benali@garage-ducs.example"


def faults(db, uai=UAI):
    return [
        each.message
        for found in (document_faults(db, uai, ReaderInput(now=NOW)), data_faults(db, uai))
        for each in found
    ]


def signer_of(db, request_id, field):
    db.rollback()
    return db.scalars(select(Signer).where(Signer.request_id == request_id, Signer.field == field)).one()


def asked(db, signer):
    mails = select(OutgoingMail).where(
        OutgoingMail.subject_id == signer.id, OutgoingMail.recipient == signer.email
    )
    return db.scalars(mails.order_by(OutgoingMail.created_at)).all()


def test_the_old_link_dies_the_new_one_signs_and_nothing_else_changes(app, db, sent, signed_in):
    request = db.get_one(SignatureRequest, sent[1])
    tutor, others = (
        signer_of(db, sent[1], "tutor"),
        {s.id: s.email for s in request.signers if s.field != "tutor"},
    )
    hashes, old_address = request.frozen_hash, tutor.email
    old = new_link(db, tutor, NOW)
    db.commit()
    office, at = signed_in(OFFICE), f"/ecole/{UAI}/signataires/{tutor.id}/adresse"
    assert "Corriger l’adresse" in page(office.get(f"/ecole/{UAI}/conventions/{sent[2]}"))
    assert office.post(at, data={"email": "pas une adresse"}).status_code == 422
    assert "déjà l’adresse" in page(office.post(at, data={"email": old_address}))
    assert office.post(at, data={"email": RIGHT}).status_code == 302
    tutor = signer_of(db, sent[1], "tutor")
    assert (tutor.email, tutor.state) == (RIGHT, "invited")
    dead = app.test_client().get(f"/signer/{old}")
    assert dead.status_code == 410
    assert "a corrigé l’adresse" in page(dead)
    assert app.test_client().post(f"/signer/{old}/nouveau").status_code == 410
    (mail,) = asked(db, tutor)
    fresh = re.search(r"/signer/([A-Za-z0-9_-]{43})", mail.body)[1]
    request = db.get_one(SignatureRequest, sent[1], populate_existing=True)
    assert request.frozen_hash == hashes
    assert {s.id: s.email for s in request.signers if s.field != "tutor"} == others
    row = db.get_one(Convention, sent[2])
    assert {(p.role, p.email) for p in row.parties if p.role == "tutor"} == {("tutor", RIGHT)}
    assert faults(db) == []
    answer = app.test_client().post(f"/signer/{fresh}", data={"shown_hash": hashes, "consent": "oui"})
    assert answer.status_code == 302
    assert signer_of(db, sent[1], "tutor").state == "signed"
    assert faults(db) == []
    assert office.post(at, data={"email": old_address}).status_code == 409


def test_the_school_s_own_people_are_not_readdressed_and_nobody_else_may(db, sent, signed_in):
    head, tutor = (signer_of(db, sent[1], field) for field in ("head", "tutor"))
    assert (
        signed_in(OFFICE)
        .post(f"/ecole/{UAI}/signataires/{head.id}/adresse", data={"email": RIGHT})
        .status_code
        == 409
    )
    assert signed_in(TEACHER).get(f"/ecole/{UAI}/signataires/{tutor.id}/adresse").status_code == 404


@pytest.mark.attack
def test_an_address_changed_by_sql_before_or_after_a_correction_is_named(db, sent, signed_in, operator):
    tutor = signer_of(db, sent[1], "tutor")
    signed_in(OFFICE).post(f"/ecole/{UAI}/signataires/{tutor.id}/adresse", data={"email": RIGHT})
    db.rollback()
    assert faults(db) == []
    for values in ({"email": "voleur@x.example"}, {"name": "Autre Nom"}, {"readdressed_at": None}):
        db.execute(update(Signer).where(Signer.id == tutor.id).values(**values))
        assert any("« tutor »" in each or "readdressed_at" in each for each in faults(db)), values
        db.rollback()


def test_a_refused_mail_is_shown_and_is_a_task_until_the_address_is_corrected(db, sent, signed_in):
    tutor = signer_of(db, sent[1], "tutor")
    said = "SMTPRecipientsRefused: 550 5.1.1 utilisateur inconnu"
    db.execute(
        update(OutgoingMail)
        .where(OutgoingMail.subject_id == tutor.id)
        .values(state="failed", failed_at=NOW, last_error=said)
    )
    db.commit()
    office = signed_in(OFFICE)
    convention, task = f"/ecole/{UAI}/conventions/{sent[2]}", "dont l’adresse refuse nos courriels"
    assert "courriel refusé" in page(office.get(convention))
    assert task in page(office.get(f"/ecole/{UAI}/"))
    listed = page(office.get(f"/ecole/{UAI}/demandes"))
    assert said in listed
    assert f"/signataires/{tutor.id}/adresse" in listed
    office.post(f"/ecole/{UAI}/signataires/{tutor.id}/adresse", data={"email": RIGHT})
    assert task not in page(office.get(f"/ecole/{UAI}/"))
    assert "courriel refusé" not in page(office.get(convention))


def test_not_me_stops_the_link_until_taken_back_or_answered(app, db, sent, signed_in, work_off):
    signer, office = signer_of(db, sent[1], "tutor"), signed_in(OFFICE)
    token, client = new_link(db, signer, NOW), app.test_client()
    frozen = db.get_one(SignatureRequest, sent[1]).frozen_hash
    db.commit()
    sign = {"shown_hash": frozen, "consent": "oui"}
    at = f"/signer/{token}/dire/"
    assert client.get(at + "rien").status_code == 404
    for what in ("correction", "orthographe", "pas-moi", "plus-moi"):
        assert client.get(at + what).status_code == 200
        assert client.post(at + what, data={}).status_code == 422
    assert client.post(at + "correction", data={"about": "Vendredi", "words": "12 h"}).status_code == 302
    assert client.get(f"/signer/{token}").status_code == 200
    client.post(at + "pas-moi", data={"about": "Inès Petit", "words": RIGHT})
    stopped = client.get(f"/signer/{token}")
    assert "dit ne pas être" in page(stopped)
    assert client.post(f"/signer/{token}", data=sign).status_code == 410
    assert client.get(f"/signer/{token}/document.pdf").status_code == 410
    work_off()
    told = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signer-remark")).all()
    assert {OFFICE} <= {mail.recipient for mail in told}
    assert any("Inès Petit" in mail.body and RIGHT in mail.body for mail in told)
    assert "2 demandes de signataires à traiter" in page(office.get(f"/ecole/{UAI}/"))
    assert "Inès Petit" in page(office.get(f"/ecole/{UAI}/demandes"))
    assert client.post(f"/signer/{token}/reprendre").status_code == 302
    assert 'name="shown_hash"' in client.get(f"/signer/{token}").text
    client.post(at + "plus-moi", data={"about": "Inès Petit"})
    row = re.search(
        r"/demandes/([0-9a-f-]{36})\".*?", office.get(f"/ecole/{UAI}/demandes").text.split("N’occupe plus")[1]
    )[1]
    assert (
        office.post(f"/ecole/{UAI}/demandes/{row}", data={"answer": "Vu par téléphone."}).status_code == 302
    )
    assert office.post(f"/ecole/{UAI}/demandes/{row}", data={"answer": "Encore."}).status_code == 409
    assert client.post(f"/signer/{token}", data=sign).status_code == 302
    assert signer_of(db, sent[1], "tutor").state == "signed"


def test_who_is_signed_in_as_another_says_so_first(app, db, sent, signed_in):
    signer = signer_of(db, sent[1], "tutor")
    token, frozen = new_link(db, signer, NOW), db.get_one(SignatureRequest, sent[1]).frozen_hash
    db.commit()
    client, form = signed_in(TEACHER), {"shown_hash": frozen, "consent": "oui"}
    assert f"connecté ici comme {TEACHER}" in page(client.get(f"/signer/{token}"))
    refused = client.post(f"/signer/{token}", data=form)
    assert refused.status_code == 422
    assert "Un autre compte est ouvert" in page(refused)
    assert signer_of(db, sent[1], "tutor").state == "invited"
    assert client.post(f"/signer/{token}", data={**form, "myself": "oui"}).status_code == 302
    assert signer_of(db, sent[1], "tutor").state == "signed"


def test_opening_is_noted_by_a_touch_alone(app, db, sent):
    signer = signer_of(db, sent[1], "tutor")
    token = new_link(db, signer, NOW)
    db.commit()
    client = app.test_client()
    client.get(f"/signer/{token}")
    assert signer_of(db, sent[1], "tutor").opened_at is None
    assert client.post(f"/signer/{token}/ouvert").status_code == 204
    assert signer_of(db, sent[1], "tutor").opened_at == NOW
