"""Mail as rows first: written with the fact that causes it, sent later by a job, one Message-ID for ever."""

import re
import smtplib
import ssl
import uuid
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from pfmp_saas.core import retries
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.database import Base, current_tenant
from pfmp_saas.core.mail_templates import MailKind, one_line, render
from pfmp_saas.core.retries import Retried
from pfmp_saas.core.settings import MailSettings
from pfmp_saas.core.storage import StoredFile, load

_SECRET = re.compile(r"(/(?:signer|entree)/)[A-Za-z0-9_-]{20,}")
_LEFT = r"\1…"
_PATIENCE = 8
"""Seconds that a mail server may keep silent."""
_PERMANENT, _CLOSING = 500, 421
_NOWHERE = "@pfmp>"
"""What a message's identifier ends with until its sender's domain is known."""
_OF_THE_SERVICE = frozenset({MailKind.SIGN_IN_LINK, MailKind.SECOND_FACTOR})
SERVER = "mail"
"""The name of the mail server among outside services that may be down (`core.breaker`)."""


class Unreachable(Exception):
    """The mail server does not answer, or refuses to be spoken to at all: no mail has anything to do with it."""


class OutgoingMail(Retried, Base):
    """One message to one person. (tenant, kind, subject, occurrence, recipient, name) is written once only.

    Several people may read one mailbox: each has a message of his or her own, which names the person.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id",
            "kind",
            "subject_id",
            "occurrence",
            "recipient",
            "recipient_name",
            name="uq_outgoing_mails_once",
        ),
        Index("ix_outgoing_mails_subject_id", "subject_id"),
        Index("ix_mail_unsent", "created_at", postgresql_where=text("state = 'waiting'")),
    )

    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    occurrence: Mapped[str]
    recipient: Mapped[str]
    recipient_name: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    html: Mapped[str | None]
    attachment_id: Mapped[uuid.UUID | None]
    attachment_name: Mapped[str | None]
    note_name: Mapped[str | None]
    note: Mapped[str | None]
    message_id: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    returned_at: Mapped[datetime | None]
    """When it came back from the recipient's server, after it had left ours, and why."""
    return_reason: Mapped[str | None]


def send(
    session: Session,
    kind: MailKind,
    to: tuple[str, str],
    *,
    subject_id: uuid.UUID,
    occurrence: str,
    attachment: StoredFile | None = None,
    note: tuple[str, str] | None = None,
    **values: object,
) -> OutgoingMail:
    """Write a message to ``to`` (name, address) from its kind's templates; a job sends it once this is committed.

    ``values`` are what the templates name, beside ``name``, the recipient's. ``note`` is a text file that goes with
    the message: its name, its content. Raises jinja2.UndefinedError for a value that is missing.
    """
    mail_id, parts = uuid.uuid4(), render(kind, name=to[0], **values)
    row = OutgoingMail(
        id=mail_id,
        tenant_id=current_tenant(session),
        kind=kind,
        subject_id=subject_id,
        occurrence=occurrence,
        recipient_name=to[0],
        recipient=to[1],
        title=parts.subject,
        body=parts.text,
        html=parts.html,
        attachment_id=attachment.id if attachment else None,
        attachment_name=attachment.name if attachment else None,
        note_name=note[0] if note else None,
        note=note[1] if note else None,
        message_id=f"<{mail_id}{_NOWHERE}",
    )
    session.add(row)
    return row


@dataclass(frozen=True)
class Writer:
    """In whose name a mail is written: the school, the address that answers go to, a name of its list."""

    school: str
    reply_to: str
    list_name: str


def compose(session: Session, row: OutgoingMail, sender: str, writer: Writer | None = None) -> EmailMessage:
    """Turn a row into a message, its attachment read from storage.

    ``sender`` is the service's own address. A mail of a school bears the school's name before it, and answers go to
    the school; what is said of one's own access is the service's.
    """
    address = parseaddr(sender)[1]
    domain = address.rpartition("@")[2] or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    if writer is not None and row.kind not in _OF_THE_SERVICE:
        message.replace_header("From", f"{_plain(f'{writer.school} – conventions de stage')} <{address}>")
        if writer.reply_to:
            message["Reply-To"] = writer.reply_to
        message["List-Id"] = f"<{writer.list_name}.conventions.{domain}>"
    recipient = travelling(
        row.recipient
    )  # a mail written before accented domains were kept in their ASCII form
    message["To"] = f"{_plain(row.recipient_name)} <{recipient}>" if row.recipient_name else recipient
    message["Subject"] = row.title
    message["Message-ID"] = row.message_id.replace(_NOWHERE, f"@{domain}>")  # the same at each try
    message["Date"] = row.created_at
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.body)
    if row.html:  # a mail written before the column existed has none
        message.add_alternative(row.html, subtype="html")
    if row.attachment_id:
        content = load(session, row.attachment_id).content
        message.add_attachment(content, maintype="application", subtype="pdf", filename=row.attachment_name)
    if row.note:  # as bytes: a text part may be rewritten on its way, and these are signed
        message.add_attachment(row.note.encode(), maintype="text", subtype="plain", filename=row.note_name)
    return message


def deliver(message: EmailMessage, settings: MailSettings) -> None:
    """Hand ``message`` to the mail server. Raises OSError or smtplib.SMTPException when it will not take it.

    Under TLS the server's certificate must lead to an authority of this machine and bear the server's name. Raises
    Unreachable when it comes to no conversation.
    """
    try:
        server = _greeted(settings)
    except OSError as error:  # smtplib's are of its family
        raise Unreachable(retries.error_line(error)) from error
    with server:
        server.send_message(message)


def _greeted(settings: MailSettings) -> smtplib.SMTP:
    """Return the server, ready for a message. Raises OSError; the connection is closed then."""
    server = _connected(settings)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.username:
            server.login(settings.username, settings.password or "")
    except OSError:
        server.close()
        raise
    return server


def _connected(settings: MailSettings) -> smtplib.SMTP:
    if settings.tls == "implicit":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=_PATIENCE, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=_PATIENCE)


def forget_secrets(row: OutgoingMail) -> None:
    """Take the secrets of links out of a mail that has left: whoever reads its row later opens nothing."""
    row.body = _SECRET.sub(_LEFT, row.body)
    row.html = _SECRET.sub(_LEFT, row.html) if row.html else row.html


def for_good(error: Exception) -> bool:
    """Tell whether a refusal will not change: every recipient refused with a code of 500 or more (RFC 5321, 4.2.1).

    What a server says of itself, of the sender or of the content (a banner, an authentication, a full disk) is its own
    trouble, or our configuration's: the mail waits.
    """
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    codes = [code for code, _ in error.recipients.values()]
    return bool(codes) and all(code >= _PERMANENT for code in codes)


def server_down(error: Exception) -> bool:
    """Tell whether an error of :func:`deliver` says that the server serves nobody now: no answer, or it is closing."""
    if isinstance(error, Unreachable):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _CLOSING in {code for code, _ in error.recipients.values()}
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == _CLOSING
    return isinstance(error, OSError)


def _plain(name: str) -> str:
    return '"' + one_line(name).replace("\\", "").replace('"', "") + '"'
