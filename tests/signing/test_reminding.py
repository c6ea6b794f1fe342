"""A signer is reminded once a day by the school, and three links at most lead to one signature."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.signing import errors
from pfmp_saas.signing.links import REMINDED_EVERY, new_link, remind, resolve_link
from pfmp_saas.signing.models import SignatureRequest
from tests.support.clock import NOW
from tests.support.pages import OFFICE, UAI

BASE = "https://x.example"


def _renewals(db, signer):
    statement = select(func.count()).where(
        OutgoingMail.kind == MailKind.SIGNING_RENEWAL, OutgoingMail.subject_id == signer.id
    )
    return db.scalar(statement)


@pytest.mark.attack
def test_a_second_reminder_waits_a_day_and_says_so(db, sent):
    signer = db.get_one(SignatureRequest, sent[1]).signers[0]
    remind(db, signer.id, BASE, NOW)
    assert (signer.reminded_at, _renewals(db, signer)) == (NOW, 1)
    with pytest.raises(errors.RemindedToday, match="vingt-quatre heures"):
        remind(db, signer.id, BASE, NOW + REMINDED_EVERY - timedelta(seconds=1))
    remind(db, signer.id, BASE, NOW + REMINDED_EVERY)
    assert _renewals(db, signer) == 2


def test_the_page_tells_when_the_last_one_left(db, sent, signed_in):
    signer = db.get_one(SignatureRequest, sent[1]).signers[0]
    office, page = signed_in(OFFICE), f"/ecole/{UAI}/conventions/{sent[2]}"
    assert "dernière relance" not in office.get(page).text
    for _ in range(3):
        assert office.post(f"{page}/relancer/{signer.id}").status_code == 302
    db.rollback()
    assert _renewals(db, signer) == 1
    told = office.get(page).text
    assert "dernière relance le" in told
    assert "laissez-lui un jour" in told
    office.post(f"/ecole/{UAI}/signatures/{sent[1]}/relancer")
    assert "4 rappel(s) envoyé(s). 1 personne(s) l’ont été depuis moins d’un jour." in office.get(page).text


def test_a_host_is_reminded_of_its_attestation_once_a_day_too(db, signed_in, seeded):
    hugo = db.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()
    row = db.scalars(select(Attestation).where(Attestation.convention_id == hugo.id)).one()
    db.commit()
    office, page = signed_in(OFFICE), f"/ecole/{UAI}/conventions/{hugo.id}"
    for _ in range(3):
        assert office.post(f"{page}/attestation/relancer").status_code == 302
    db.rollback()
    mails = select(func.count()).where(
        OutgoingMail.kind == MailKind.ATTESTATION, OutgoingMail.subject_id == row.id
    )
    assert db.scalar(mails) == 1
    told = office.get(page).text
    assert "laissez-lui un jour" in told
    assert "dernière relance le" in told


@pytest.mark.attack
def test_three_links_at_most_lead_to_one_signature(db, sent):
    signer = db.get_one(SignatureRequest, sent[1]).signers[0]
    tokens = [new_link(db, signer, NOW + timedelta(minutes=minute)) for minute in range(48)]
    now = NOW + timedelta(hours=1)
    states = [resolve_link(db, token, now).state for token in tokens]
    assert states == ["expired"] * 45 + ["good"] * 3
