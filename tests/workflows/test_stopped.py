"""A refusal or a withdrawal is told to everyone else who was invited or has signed; the reason to the school alone."""

from sqlalchemy import select

from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.models import SignatureRequest, Signer
from tests.support.clock import NOW
from tests.support.pages import OFFICE


def told(db, request):
    db.rollback()
    ids = [each.id for each in request.signers]
    mails = select(OutgoingMail).where(
        OutgoingMail.kind == "signing-stopped", OutgoingMail.subject_id.in_(ids)
    )
    return db.scalars(mails).all()


def test_a_refusal_is_told_to_the_four_others_without_its_reason(db, refused, work_off):
    db.commit()
    work_off()
    mails = told(db, refused)
    assert {mail.recipient for mail in mails} == {each.email for each in refused.signers[1:]}
    assert all(refused.signers[0].name in mail.body and "Non." not in mail.body for mail in mails)


def test_a_withdrawal_is_told_to_all(db, ceremony, work_off):
    request = db.get_one(SignatureRequest, db.get_one(Signer, ceremony[3]).request_id)
    signing.withdraw(db, request.id, Actor("Secrétariat", OFFICE, "establishment", "account"), NOW)
    db.commit()
    work_off()
    mails = told(db, request)
    assert len(mails) == 5
    assert all("a retiré de la signature" in mail.body for mail in mails)
