"""A convention corrected after four signatures: all sign the new version, the former stays in evidence, nobody is stranded."""

import re
from html import unescape

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
from pfmp_saas.signing.queries import document
from tests.support.acts import sign
from tests.support.clock import NOW
from tests.support.pages import OFFICE, UAI, page

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
    fields = {}
    for tag in re.findall(r"<input[^>]*>", shown.text):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and 'type="radio"' not in tag:
            fields[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>([^<]*)</textarea>', shown.text):
        fields[name] = unescape(text)
    for name, body in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', shown.text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        fields[name] = unescape(chosen[1]) if chosen else ""
    changed = {
        "reason": WHY,
        "tutor.name": NEW,
        "tutor.email": RIGHT,
        "friday.pm.start": "",
        "friday.pm.end": "",
    }
    return office, at, fields | changed, fields | {"reason": WHY}


def test_a_correction_after_four_signatures_is_signed_by_all_and_the_former_stays(
    db, four_signed, app, signed_in, work_off
):
    request, link = four_signed
    former_hash, former_id = request.frozen_hash, request.id
    office, at, fields, _ = corrected(db, four_signed, signed_in)
    assert "avaient déjà signé" in page(office.get(at))
    assert office.post(at, data=fields | {"reason": " "}).status_code == 422
    answer = office.post(at, data=fields)
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
    told = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signing-replaced")).all()
    assert len(told) == 5
    assert all(WHY in mail.body for mail in told)
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
        sign(db, signer, newest.frozen_hash)
    db.commit()
    assert (db.get_one(Convention, row.id).state, newest.state) == ("signed", "complete")
    assert len(reasons_of(document(db, newest))) == 5
    assert faults(db) == []
    kinds = db.scalars(
        select(EvidenceEvent.kind)
        .where(EvidenceEvent.subject == request.evidence_subject)
        .order_by(EvidenceEvent.sequence)
    ).all()
    assert kinds == ["frozen", *["signed"] * 4, "withdrawn", "frozen", *["signed"] * 5, "finished"]


@pytest.mark.attack
def test_a_version_that_no_longer_names_the_former_or_its_reason_is_named(db, four_signed, signed_in):
    office, at, fields, _ = corrected(db, four_signed, signed_in)
    assert office.post(at, data=fields).status_code == 302
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
    assert office.post(at, data=fields).status_code == 302
    db.rollback()
    convention = db.get_one(Convention, request.subject_id, populate_existing=True)
    second = db.get_one(SignatureRequest, convention.request_id)
    last = new_link(db, second.signers[0], NOW)
    db.commit()
    assert office.post(at.replace("/corriger", "/retirer")).status_code == 302
    db.rollback()
    assert resolve_link(db, last, NOW).state != "corrected"  # nothing came after it
