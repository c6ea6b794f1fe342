"""Mail that comes back: what a report of non-delivery says, whose mail it was, and that a school sees it."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from pfmp_saas.core import returned
from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.settings import _mailbox
from pfmp_saas.core.unit_of_work import UnitOfWork
from pfmp_saas.jobs.returns import take_returns
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.signing import reaching
from tests.support.clock import NOW

REPORT = """From: MAILER-DAEMON@relais.example
To: pfmp@pfmp.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; tuteur@garage.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <tuteur@garage.example>: Recipient unknown

--b
Content-Type: message/rfc822

From: pfmp@pfmp.example
To: tuteur@garage.example
Message-ID: <{mail}@pfmp.example>
Subject: À signer

Bonjour
--b--
"""
EXIM = """From: Mail Delivery System <Mailer-Daemon@mx.example>
X-Failed-Recipients: tuteur@garage.example
Subject: Mail delivery failed
Content-Type: text/plain

A message that you sent could not be delivered. Message-ID: <{mail}@pfmp.example>
"""
ANSWER = (
    "From: tuteur@garage.example\nIn-Reply-To: <{mail}@pfmp.example>\nSubject: Re: À signer\n\nOui, demain.\n"
)


def filled(text, mail, action="failed"):
    return text.format(mail=mail, action=action).encode()


def test_reports_say_which_mail_and_why_and_nothing_else_does():
    mail = uuid.uuid4()
    assert returned.read(filled(REPORT, mail)) == returned.Returned(
        mail, "5.1.1 550 5.1.1 <tuteur@garage.example>: Recipient unknown"
    )
    assert returned.read(filled(EXIM, mail)) == returned.Returned(mail, "non remis à tuteur@garage.example")
    for other in (
        filled(REPORT, mail, "delayed"), filled(REPORT, mail, "delivered"), filled(ANSWER, mail),
        filled(REPORT, "autre"), b"", b"\xff\x00", REPORT.encode()[:200],
    ):  # fmt: skip
        assert returned.read(other) is None


def test_a_mail_that_came_back_is_noted_on_its_row_once_and_shown(db, ceremony, session_factory):
    signer_id = ceremony[3]
    mail = db.scalars(select(OutgoingMail).where(OutgoingMail.subject_id == signer_id)).one()
    report = returned.read(filled(REPORT, mail.id))
    for found, ours in ((report, True), (report, True), (returned.Returned(uuid.uuid4(), "x"), False)):
        with UnitOfWork(session_factory) as session:
            assert returned.note(session, found, NOW) is ours
    db.rollback()
    (lost,) = reaching.lost(db)
    assert (lost.signer.id, lost.since) == (signer_id, NOW)
    assert "Recipient unknown" in lost.why


@pytest.mark.parametrize("address", ["imap://x:y@ailleurs.example/INBOX", "https://x", "imaps:///INBOX"])
def test_a_mailbox_is_named_in_full_and_never_spoken_to_in_clear_elsewhere(address):
    with pytest.raises(ConfigurationError, match="PFMP_BOUNCE_IMAP"):
        _mailbox({"PFMP_BOUNCE_IMAP": address})
    assert _mailbox({"PFMP_BOUNCE_IMAP": "imaps://x:y@h.example/INBOX"}).startswith("imaps://")


def test_a_message_that_no_parser_reads_stops_no_other(monkeypatch, seeded):
    broken, good = b"broken", b"good"

    def read(raw):
        if raw == broken:
            raise UnicodeDecodeError("utf-8", b"", 0, 1, "hostile")
        taken.append(raw)

    taken = []
    configure(replace(seeded, bounce_imap="imaps://x:y@127.0.0.1/INBOX"))
    monkeypatch.setattr(returned, "unread", lambda _address: iter((broken, good)))
    monkeypatch.setattr(returned, "read", read)
    assert take_returns() == 0
    assert taken == [good]
