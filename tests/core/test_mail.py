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
VALUES = {
    "title": "Convention", "url": "https://x.example/signer/a", "capacity": "Tuteur", "school": "Lycée", "contact": "",
}  # fmt: skip


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
    assert message["Message-ID"] == f"<{row.id}@x.example>"


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


def test_a_mail_of_a_school_bears_its_name_and_answers_go_to_it(db):
    writer = mail.Writer('Lycée "Gustave-Eiffel"\r\nBcc: x@x.example', "secretariat@lp.example", "0211033j")
    message = mail.compose(db, sent(db), "PFMP <pfmp@x.example>", writer)
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert read["Bcc"] is None
    (sender,) = read["From"].addresses
    assert sender.addr_spec == "pfmp@x.example"
    assert sender.display_name == "Lycée Gustave-Eiffel Bcc: x@x.example – conventions de stage"
    assert read["Reply-To"] == "secretariat@lp.example"
    assert read["List-Id"] == "<0211033j.conventions.x.example>"
    assert read["Auto-Submitted"] == "auto-generated"


def test_what_is_said_of_one_s_own_access_is_the_service_s(db):
    values = samples()[MailKind.SIGN_IN_LINK][0]
    given = {name: value for name, value in values.items() if name != "name"}
    row = mail.send(
        db, MailKind.SIGN_IN_LINK, ("Ana", "ana@x.example"), subject_id=uuid.uuid4(), occurrence="1", **given
    )
    row.created_at = NOW
    message = mail.compose(db, row, "PFMP <pfmp@x.example>", mail.Writer("Lycée", "a@x.example", "l"))
    assert (message["From"], message["Reply-To"], message["List-Id"]) == ("PFMP <pfmp@x.example>", None, None)


def test_two_people_of_one_mailbox_have_a_message_each(db):
    about = uuid.uuid4()
    for name in ("Ana", "Bo"):
        assert sent(db, about, (name, "accueil@x.example")).recipient_name == name
    with pytest.raises(IntegrityError), db.begin_nested():
        sent(db, about, ("Ana", "accueil@x.example"))
