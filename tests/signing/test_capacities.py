"""One person in several capacities: one mail, two signatures in one act or one after the other, never another's."""

from sqlalchemy import select

from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evidence.verify.file.contents import reasons_of
from pfmp_saas.signing.queries import document
from pfmp_saas.workflows import after_sending
from pfmp_saas.workflows.context import Around
from tests.support.clock import NOW
from tests.support.pages import page


def asked(db, request, kind="signing-invitation"):
    ids = [each.id for each in request.signers]
    mails = select(OutgoingMail).where(OutgoingMail.subject_id.in_(ids), OutgoingMail.kind == kind)
    return db.scalars(mails).all()


def test_one_mail_and_one_act_for_two_capacities(app, db, two_capacities):
    request, two, token = two_capacities
    mails = asked(db, request)
    assert len(mails) == 4
    assert sum("Représentant de l’organisme d’accueil et Tuteur" in mail.body for mail in mails) == 1
    after_sending.remind_signers(
        db, DueItem(subject_id=request.id, occurrence="day-3"), Around("https://p", NOW)
    )
    db.commit()
    assert len(asked(db, request, "unsigned-convention")) == 4
    client, form = app.test_client(), {"shown_hash": request.frozen_hash, "consent": "oui"}
    assert "Je signe aussi en qualité de" in page(client.get(f"/signer/{token}"))
    stranger = next(each for each in request.signers if each.field == "student")
    sent = {**form, "also": [str(two["tutor"].id), str(stranger.id)]}
    assert client.post(f"/signer/{token}", data=sent).status_code == 302
    db.rollback()
    db.expire_all()
    states = {each.field: each.state for each in request.signers}
    assert (states["tutor"], states["host_representative"], states["student"]) == (
        "signed",
        "signed",
        "invited",
    )
    assert len(reasons_of(document(db, request))) == 2


def test_the_second_capacity_is_offered_after_the_first(app, db, two_capacities):
    request, _, token = two_capacities
    client, form = app.test_client(), {"shown_hash": request.frozen_hash, "consent": "oui"}
    client.post(f"/signer/{token}", data=form)
    db.rollback()
    db.expire_all()
    assert {each.field: each.state for each in request.signers}["tutor"] == "invited"
    assert "encore attendue sur ce document" in page(client.get(f"/signer/{token}"))
    led = client.post(f"/signer/{token}/autre")
    assert led.status_code == 302
    assert "Tuteur" in page(client.get(led.location))
    assert client.post(led.location, data=form).status_code == 302
    assert client.post(f"/signer/{token}/autre").status_code == 410
    assert client.post(f"/signer/{token}", data={**form, "also": "x"}).status_code == 410
