"""A convention corrected after four signatures: those concerned sign again, the others are told, the former stays in evidence."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pfmp_saas.amendments.audit import data_faults
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.verify.file.contents import reasons_of
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.signing import remarks
from pfmp_saas.signing.audit import document_faults
from pfmp_saas.signing.links import new_link, resolve_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.queries import document, unsigned
from pfmp_saas.signing.states import RemarkKind
from tests.support.acts import sign
from tests.support.clock import NOW
from tests.support.corrected import (
    AGAIN,
    LATER,
    carry_all,
    confirmed,
    correct,
    delivered,
    four_have_signed,
    of_field,
)
from tests.support.pages import OFFICE, UAI, as_sent, page

NEW, RIGHT, WHY = (
    "Inès Petit",
    "i.petit@garage.example",
    "Le tuteur part en retraite ; le vendredi, on ferme à midi.",
)


WHY_TUTOR = "Le tuteur part en retraite"


def faults(db):
    both = (document_faults(db, UAI, ReaderInput(now=NOW)), data_faults(db, UAI))
    return [each.message for found in both for each in found]


def corrected(db, four_signed, signed_in):
    """The office's form sent with a new tutor and a shorter Friday."""
    request, _ = four_signed
    office, at = signed_in(OFFICE), f"/ecole/{UAI}/conventions/{request.subject_id}/corriger"
    shown = office.get(at)
    assert shown.status_code == 200
    fields = as_sent(shown.text)
    changed = {
        "reason": WHY,
        "tutor.name": NEW,
        "tutor.email": RIGHT,
        "friday.pm.start": "",
        "friday.pm.end": "",
    }
    return office, at, fields | changed, fields | {"reason": WHY}


def test_a_correction_after_four_signatures_is_signed_again_by_those_it_concerns_and_the_former_stays(
    db, four_signed, app, signed_in, work_off
):
    request, link = four_signed
    former_hash, former_id = request.frozen_hash, request.id
    office, at, fields, _ = corrected(db, four_signed, signed_in)
    table = page(office.get(at))
    assert "Ont déjà signé" in table
    hours = re.search("Les horaires et les jours</th><td>([^<]*)", table)[1].lower()
    assert "tuteur" in hours
    assert "référent" not in hours
    assert office.post(at, data=fields | {"reason": " "}).status_code == 422
    shown = office.post(at, data=fields)
    assert shown.status_code == 200
    assert page(shown).count("signature reportée</span>") == 2
    assert page(shown).count("signe de nouveau</span>") == 2
    db.rollback()
    assert db.get_one(SignatureRequest, former_id).state == "open"  # nothing left yet
    other = fields | {"tutor.name": "Yanis Moreau"}
    assert (
        office.post(at, data=confirmed(shown, other)).status_code == 200
    )  # another effect than the one shown
    answer = office.post(at, data=confirmed(shown, fields))
    assert answer.status_code == 302, page(answer)
    db.rollback()
    db.expire_all()
    row = db.get_one(Convention, request.subject_id)
    newest = db.get_one(SignatureRequest, row.request_id)
    assert (row.state, newest.replaces, newest.state) == ("sent", former_hash, "open")
    assert db.get_one(SignatureRequest, former_id).state == "withdrawn"
    assert WHY in newest.replacement_reason
    assert NEW in newest.replacement_reason
    assert "Horaires de présence" in newest.replacement_reason
    assert {(p.role, p.email) for p in row.parties if p.role == "tutor"} == {("tutor", RIGHT)}
    assert faults(db) == []
    told = db.scalars(
        select(OutgoingMail).where(OutgoingMail.subject_id.in_([s.id for s in newest.signers]))
    ).all()
    assert sorted(mail.kind for mail in told) == ["signing-informed"] * 2 + ["signing-replaced"] * 3
    assert all(WHY in mail.body for mail in told)
    asked = {signer.field for signer in unsigned(db, newest)}
    assert asked == set(AGAIN)
    client = app.test_client()
    old = client.get(f"/signer/{link}")
    assert old.status_code == 410
    assert "Recevoir le lien de la nouvelle version" in page(old)
    sent = {"shown_hash": former_hash, "consent": "oui"}
    assert client.post(f"/signer/{link}", data=sent).status_code in (409, 410)
    assert client.post(f"/signer/{link}/nouveau").status_code == 200
    db.rollback()
    (renewed,) = db.scalars(
        select(OutgoingMail).where(
            OutgoingMail.kind == "signing-renewal", OutgoingMail.title.contains(row.number)
        )
    )
    fresh = re.search(r"/signer/([A-Za-z0-9_-]{43})", renewed.body)[1]
    assert WHY in page(client.get(f"/signer/{fresh}"))
    for signer in newest.signers:
        if signer.field in asked:
            sign(db, signer, newest.frozen_hash)
    delivered(db)
    carry_all(db, LATER - timedelta(days=1))
    assert newest.state == "open"  # the five days are not over
    carry_all(db)
    db.commit()
    assert (db.get_one(Convention, row.id).state, newest.state) == ("signed", "complete")
    assert len(reasons_of(document(db, newest))) == 5
    assert faults(db) == []
    kinds = db.scalars(
        select(EvidenceEvent.kind)
        .where(EvidenceEvent.subject == request.evidence_subject)
        .order_by(EvidenceEvent.sequence)
    ).all()
    first = ["frozen", *["signed"] * 4, "withdrawn", "frozen"]
    assert kinds == [*first, *["signed"] * 3, *["carried"] * 2, "finished"]
    token = new_link(db, of_field(newest, "head"), NOW)
    db.commit()
    for seen in (client.get(f"/signer/{token}"), office.get(f"/ecole/{UAI}/conventions/{row.id}")):
        assert "sur la version précédente" in page(seen)


def to_head(db, seeded):
    """A correction of the usual kind, and the link of its head, whose signature is to be carried over."""
    newest = correct(db, four_have_signed(db, seeded.base_url), seeded.base_url)
    link = new_link(db, of_field(newest, "head"), NOW)
    db.commit()
    return newest, link


def test_who_opposes_is_asked_to_sign_and_the_office_reads_why(db, seeded, app, work_off):
    newest, link = to_head(db, seeded)
    client = app.test_client()
    shown = page(client.get(f"/signer/{link}"))
    assert "Vous n’avez rien à faire" in shown
    assert WHY_TUTOR in shown
    said = {"about": "Le vendredi", "words": "La classe a cours le vendredi."}
    assert client.post(f"/signer/{link}/dire/opposition", data={"about": " "}).status_code == 422
    assert client.post(f"/signer/{link}/dire/opposition", data=said).status_code == 302
    assert client.post(f"/signer/{link}/dire/opposition", data=said).status_code == 409  # once
    work_off()
    db.rollback()
    head = db.get_one(Signer, of_field(newest, "head").id, populate_existing=True)
    assert (head.state, head.is_carrying) == ("invited", False)
    delivered(db)
    carry_all(db)
    assert head.state == "invited"
    told = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signer-remark")).all()
    assert any("La classe a cours le vendredi." in mail.body for mail in told)
    assert faults(db) == []
    db.commit()
    assert "Je signe" in page(client.get(f"/signer/{link}"))
    sign(db, head, newest.frozen_hash)
    assert (head.state, head.manner) == ("signed", "electronic")
    assert faults(db) == []


def test_nothing_is_carried_while_the_news_has_reached_nobody(db, seeded):
    newest, _ = to_head(db, seeded)
    carry_all(db)  # the mails have not left
    assert {each.state for each in newest.signers} == {"invited"}
    delivered(db)
    db.execute(update(OutgoingMail).where(OutgoingMail.kind == "signing-informed").values(returned_at=NOW))
    carry_all(db, LATER + timedelta(days=1))  # they came back
    assert of_field(newest, "head").is_carrying
    db.execute(
        update(OutgoingMail)
        .where(OutgoingMail.kind == "signing-informed")
        .values(returned_at=None, done_at=NOW + timedelta(days=2))
    )
    carry_all(db, LATER + timedelta(days=2))
    assert of_field(newest, "head").state == "signed"
    db.rollback()


def test_a_second_correction_carries_what_was_given_first_and_shows_all_that_changed(db, seeded):
    row = four_have_signed(db, seeded.base_url)
    second = correct(db, row, seeded.base_url)
    given = {each.field: each.carries_id for each in second.signers}
    sign(db, of_field(second, "host_representative"), second.frozen_hash)
    third = correct(db, row, seeded.base_url, objectives=["Diagnostiquer un moteur."])
    concerned = {each.field for each in third.signers if not each.is_carrying}
    assert concerned == {"host_representative", "student", "referent", "tutor"}
    assert of_field(third, "head").carries_id == given["head"]
    assert faults(db) == []


def test_a_spelling_that_its_signer_asked_for_and_an_address_cost_no_signature(db, seeded):
    row = four_have_signed(db, seeded.base_url)
    former = db.get_one(SignatureRequest, row.request_id)
    person = of_field(former, "host_representative")
    right = "Karim Ben Ali"
    remarks.tell(db, person.id, RemarkKind.SPELLING, right, "", NOW)
    host = {**row.data["host"], "representative": {**row.data["host"]["representative"], "name": right}}
    newest = correct(db, row, seeded.base_url, host=host)
    assert {each.field for each in newest.signers if not each.is_carrying} == {"tutor"}
    assert of_field(newest, "host_representative").name == right
    host = {**row.data["host"], "representative": {**host["representative"], "email": "karim@garage.example"}}
    third = correct(db, row, seeded.base_url, host=host)
    mine = of_field(third, "host_representative")
    assert mine.is_carrying
    told = db.scalars(select(OutgoingMail.recipient).where(OutgoingMail.subject_id == mine.id)).all()
    assert set(told) == {"karim@garage.example", person.email}  # who signed learns of it too
    db.rollback()


def test_a_name_that_nobody_confirmed_is_signed_again(db, seeded):
    row = four_have_signed(db, seeded.base_url)
    host = {
        **row.data["host"],
        "representative": {**row.data["host"]["representative"], "name": "Karim Ben Ali"},
    }
    newest = correct(db, row, seeded.base_url, host=host)
    assert not of_field(newest, "host_representative").is_carrying
    db.rollback()


@pytest.mark.attack
def test_a_version_that_no_longer_names_the_former_or_its_reason_is_named(db, four_signed, signed_in):
    office, at, fields, _ = corrected(db, four_signed, signed_in)
    assert office.post(at, data=confirmed(office.post(at, data=fields), fields)).status_code == 302
    db.rollback()
    newest = db.scalars(select(SignatureRequest).where(SignatureRequest.replaces.is_not(None))).one().id
    assert faults(db) == []
    for values in ({"replaces": None}, {"replaces": "0" * 64}, {"replacement_reason": "Rien."}):
        db.execute(update(SignatureRequest).where(SignatureRequest.id == newest).values(**values))
        assert any("replace" in each for each in faults(db)), values
        db.rollback()


def test_what_is_signed_by_all_or_unchanged_or_unlawful_is_not_replaced(db, four_signed, signed_in):
    request, _ = four_signed
    office, at, fields, same = corrected(db, four_signed, signed_in)
    tutor = next(signer for signer in request.signers if signer.field == "tutor")
    assert "changez au moins une chose" in page(office.post(at, data=same))
    night = {"monday.am.start": "01:00"}
    assert office.post(at, data=fields | night).status_code == 422
    sign(db, db.get_one(Signer, tutor.id), request.frozen_hash)
    db.commit()
    assert office.get(at).status_code == 409
    assert office.post(at, data=fields).status_code == 409


def test_a_last_version_that_was_withdrawn_leads_nobody_round_in_circles(db, four_signed, app, signed_in):
    request, _ = four_signed
    office, at, fields, _ = corrected(db, four_signed, signed_in)
    assert office.post(at, data=confirmed(office.post(at, data=fields), fields)).status_code == 302
    db.rollback()
    convention = db.get_one(Convention, request.subject_id, populate_existing=True)
    second = db.get_one(SignatureRequest, convention.request_id)
    last = new_link(db, second.signers[0], NOW)
    db.commit()
    assert office.post(at.replace("/corriger", "/retirer")).status_code == 302
    db.rollback()
    assert resolve_link(db, last, NOW).state != "corrected"  # nothing came after it
