"""A mailbox that several people read: each is reminded by a message that names her or him, and her or his capacity."""

from sqlalchemy import select

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.signing import queries as signing
from pfmp_saas.workflows import after_sending
from pfmp_saas.workflows.context import Around
from tests.support.clock import NOW

AROUND = Around("https://pfmp.example", NOW)
SHARED = "accueil@garage-ducs.example"


def test_a_tutor_and_a_representative_of_one_address_are_both_reminded(db):
    row = db.scalars(select(Convention).where(Convention.student_name == "Yanis Kaddour")).one()
    request = signing.request_of(db, "convention", row.id)
    named = {}
    for signer in request.signers:
        if signer.field in ("tutor", "host_representative"):
            signer.email = SHARED
            named[signer.name] = signer.capacity
    db.flush()
    assert len(named) == 2
    after_sending.remind_signers(db, DueItem(subject_id=request.id, occurrence="day-3"), AROUND)
    db.flush()
    reminders = select(OutgoingMail).where(
        OutgoingMail.kind == "unsigned-convention", OutgoingMail.recipient == SHARED
    )
    told = {mail.recipient_name: mail.body for mail in db.scalars(reminders)}
    assert set(told) == set(named)
    for name, capacity in named.items():
        assert capacity in told[name]
        assert "Lycée professionnel Gustave-Eiffel attend encore votre signature" in told[name]
        assert "secretariat@lp-eiffel.example" in told[name]
