"""A mail row and the message it becomes."""

import uuid
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy.exc import IntegrityError

from pfmp_saas.core import mail
from pfmp_saas.core.mail_templates import MailKind, render
from pfmp_saas.core.storage import store
from pfmp_saas.demo.mail_preview import samples
from tests.support.clock import NOW

BROKEN = "Léa\r\nBcc: everyone@x.example\n\u2028Été"
VALUES = {"title": "Convention", "url": "https://x.example/signer/a"}


def sent(session, subject_id=None, to=("Ana", "ana@x.example"), **given):
    values = VALUES | given
    kind, subject_id = MailKind.UNSIGNED_CONVENTION, subject_id or uuid.uuid4()
    row = mail.send(session, kind, to, subject_id=subject_id, occurrence="1", **values)
    row.created_at = NOW
    session.flush()
    return row


def composed(session, row):
    """Return the message as its reader's program parses it."""
    message = mail.compose(session, row, "PFMP <pfmp@x.example>")
    return message_from_bytes(message.as_bytes(), policy=default)


def said(message, subtype):
    return message.get_body((subtype,)).get_content().replace("\r\n", "\n")


def test_a_mail_is_stored_as_it_will_be_read(db):
    row = sent(db)
    parts = render(MailKind.UNSIGNED_CONVENTION, name="Ana", **VALUES)
    assert (row.title, row.body, row.html) == (parts.subject, parts.text, parts.html)


def test_a_message_has_a_text_and_an_html_part(db):
    row = sent(db)
    message = composed(db, row)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert said(message, "plain") == row.body
    assert said(message, "html") == row.html
    assert message["Message-ID"] == f"<{row.id}@pfmp>" == row.message_id


def test_what_is_attached_stands_beside_both(db):
    file = store(db, name="convention.pdf", content=b"%PDF-1.7", media_type="application/pdf")
    values = samples()[MailKind.CONVENTION_SIGNED][0]
    to, given = (values["name"], "ana@x.example"), {k: v for k, v in values.items() if k != "name"}
    row = mail.send(
        db,
        MailKind.CONVENTION_SIGNED,
        to,
        subject_id=uuid.uuid4(),
        occurrence="1",
        attachment=file,
        note=("releve-3.txt", "signed\n"),
        **given,
    )
    row.created_at = NOW
    message = composed(db, row)
    assert message.get_content_type() == "multipart/mixed"
    assert said(message, "plain") == row.body
    assert said(message, "html") == row.html
    attached = [(part.get_filename(), part.get_payload(decode=True)) for part in message.iter_attachments()]
    assert attached == [("convention.pdf", b"%PDF-1.7"), ("releve-3.txt", b"signed\n")]


@pytest.mark.attack
def test_line_breaks_in_values_make_no_header(db):
    row = sent(db, to=(BROKEN, "ana@x.example"), title=BROKEN)
    message = composed(db, row)
    assert message["Subject"] == "Rappel, à signer : Léa Bcc: everyone@x.example Été"
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["ana@x.example"]


def test_the_same_mail_is_written_once(db):
    subject = uuid.uuid4()
    sent(db, subject)
    sent(db, subject, to=("Bob", "bob@x.example"))
    with pytest.raises(IntegrityError):
        sent(db, subject, title="Another")
