"""Signatures carried over to a corrected version: opposition, news that reaches nobody, spellings, addresses, one correction after another."""

from datetime import timedelta

from sqlalchemy import select, update

from pfmp_saas.amendments.audit import data_faults
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.signing import addresses, remarks
from pfmp_saas.signing.audit import document_faults
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.states import RemarkKind
from tests.support.acts import sign
from tests.support.clock import NOW
from tests.support.corrected import LATER, carry_all, correct, delivered, four_have_signed, of_field
from tests.support.corrected import OFFICE as OFFICE_ACTOR
from tests.support.pages import UAI, page

WHY_TUTOR = "Le tuteur part en retraite"


def faults(db):
    both = (document_faults(db, UAI, ReaderInput(now=NOW)), data_faults(db, UAI))
    return [each.message for found in both for each in found]


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


def test_nothing_is_carried_for_the_wrong_person_and_a_corrected_address_gets_the_news(db, seeded):
    row = four_have_signed(db, seeded.base_url)
    newest = correct(db, row, seeded.base_url, referent={**row.data["referent"], "phone": "03 80 00 00 00"})
    delivered(db)
    host = of_field(newest, "host_representative")
    assert host.is_carrying
    remarks.tell(db, host.id, RemarkKind.NOT_ME, "Sa remplaçante", "", NOW)
    carry_all(db)
    assert host.state == "invited"
    assert of_field(newest, "head").state == "signed"
    addresses.correct(db, host.id, "right@garage.example", by=OFFICE_ACTOR, base_url=seeded.base_url, now=NOW)
    (news,) = db.scalars(select(OutgoingMail).where(OutgoingMail.recipient == "right@garage.example"))
    assert news.kind == "signing-informed"
    carry_all(db, LATER + timedelta(days=2))
    assert host.state == "invited"  # the news has not left yet
    news.done_at = LATER
    carry_all(db, LATER + timedelta(days=7))
    assert (host.state, host.manner) == ("signed", "carried")
    assert faults(db) == []
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
