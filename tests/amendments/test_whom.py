"""Whom an amendment asks: those whom its changes concern, by the table of the type; whatever it changes is printed."""

from sqlalchemy import select

from pfmp_saas.amendments import use_cases
from pfmp_saas.amendments.audit import data_faults
from pfmp_saas.amendments.renderings import rendering_faults
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.verify import verify_pdf
from pfmp_saas.signing import queries as signing
from pfmp_saas.types.revisions.use_cases import type_of
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from tests.support.amending import NOW, TUTOR, sign_all


def mails(db, kind):
    db.flush()
    return list(db.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind)))


def changed(db, seeded, convention, **parts):
    """An amendment that changes something else than the period, sent."""
    asked = use_cases.Wish("change", "Les parties en sont d’accord.", None, parts)
    row = use_cases.open_draft(db, convention.id, asked, created_by=None)
    use_cases.send(db, row.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)
    return row


def test_only_whom_a_change_concerns_signs_it_and_the_outgoing_tutor_is_told(db, seeded, convention, root):
    former = convention.data["tutor"]
    row = changed(db, seeded, convention, tutor=TUTOR)
    request = signing.get(db, row.request_id)
    assert {signer.field for signer in request.signers} == {"host_representative", "tutor"}
    sign_all(db, seeded, row.request_id)
    react(db, Around(seeded.base_url, NOW))
    db.refresh(convention)
    assert convention.data["tutor"]["name"] == TUTOR["name"]
    (left,) = mails(db, "amendment-left")
    assert left.recipient == former["email"]
    report = verify_pdf(signing.document(db, request), trust=[root.certificate_pem.encode()], now=NOW)
    assert report.ok, report.failed()
    assert len(report.signers) == 2
    faults = [*rendering_faults(db, "0211033J"), *data_faults(db, "0211033J")]
    assert [fault.message for fault in faults] == []


def test_works_money_and_guardian_can_be_amended_and_are_printed(db, seeded, convention):
    guardian = {**convention.data["student"].get("guardian", {}), "name": "Aude Girard"}
    finance = {**(convention.data.get("finance") or {}), "meals": 4.5}
    student = {**convention.data["student"], "guardian": guardian}
    row = changed(db, seeded, convention, student=student, finance=finance)
    kind = type_of(db, convention)
    said = {each.label: each.after for each in use_cases.told(kind, row)}
    assert ("Aude Girard",) in said.values()
    assert ("4,50 €",) in said.values()
    assert {s.field for s in signing.get(db, row.request_id).signers} == {
        "head",
        "host_representative",
        "student",
    }
