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
from pfmp_saas.signing.audit import document_faults
from pfmp_saas.signing.links import new_link, resolve_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.queries import document, unsigned
from tests.support.acts import sign
from tests.support.clock import NOW
from tests.support.corrected import (
    AGAIN,
    LATER,
    carry_all,
    confirmed,
    delivered,
    of_field,
)
from tests.support.pages import OFFICE, UAI, as_sent, page

NEW, RIGHT, WHY = (
    "Inès Petit",
    "i.petit@garage.example",
    "Le tuteur part en retraite ; le vendredi, on ferme à midi.",
)


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
