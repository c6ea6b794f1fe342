"""Mail that came back: reports of non-delivery (RFC 3464), and the mailbox in which they arrive (IMAP, RFC 3501)."""

import imaplib
import re
import ssl
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from pfmp_saas.core import crossing
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.mail_templates import one_line

LONGEST_REASON = 300
_OURS = re.compile(rb"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)
_MOST, _PATIENCE = 200, 20
"""Reports read at once; seconds that a mailbox may keep silent."""


@dataclass(frozen=True)
class Returned:
    """A mail of ours that did not arrive, and what its recipient's server said."""

    mail_id: uuid.UUID
    why: str


def read(raw: bytes) -> Returned | None:
    """Return which mail of ours a message says was not delivered; None for a delay, an answer, any other message."""
    message = message_from_bytes(raw, policy=default)
    why = _reported(message) or _exim(message)
    found = _OURS.search(raw)
    if why is None or found is None:
        return None
    return Returned(uuid.UUID(found[1].decode()), one_line(why)[:LONGEST_REASON])


def _reported(message: Message) -> str | None:
    """Return the reason of a report of RFC 3464 whose action is a failure."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for each in part.get_payload():
            if isinstance(each, Message) and str(each.get("Action", "")).strip().lower() == "failed":
                said = str(each.get("Diagnostic-Code", "")).partition(";")[2].strip()
                return " ".join(filter(None, [str(each.get("Status", "")).strip(), said])) or "failed"
    return None


def _exim(message: EmailMessage | Message) -> str | None:
    """Return the reason where a server names the failed recipients in a header and writes no report."""
    failed = message.get("X-Failed-Recipients")
    return f"non remis à {failed}" if failed else None


def note(session: Session, returned: Returned, now: datetime) -> bool:
    """Note on its row that a mail came back, and enter its school; False for a mail that is not ours."""
    pointer = crossing.returned_mail(session, returned.mail_id)
    if pointer is None:
        return False
    enter_tenant(session, pointer.tenant_id)
    row = session.get_one(OutgoingMail, pointer.id)
    if row.returned_at is None:
        row.returned_at, row.return_reason = now, returned.why
    return True


def unread(address: str) -> Iterator[bytes]:
    """Yield the unread messages of a mailbox and mark each as read once it was taken.

    ``address`` is ``imaps://user:password@host:port/FOLDER``. Raises OSError or imaplib.IMAP4.error.
    """
    parts = urlsplit(address)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    with _opened(parts.scheme, parts.hostname or "", parts.port) as box:
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        box.select(f'"{folder}"')
        _, found = box.search(None, "UNSEEN")
        for number in (found[0] or b"").split()[:_MOST]:
            _, content = box.fetch(number.decode(), "(BODY.PEEK[])")
            yield from (each[1] for each in content if isinstance(each, tuple))
            box.store(number.decode(), "+FLAGS", "\\Seen")
        with suppress(imaplib.IMAP4.error):
            box.close()


def _opened(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    if scheme == "imap":
        return imaplib.IMAP4(host, port or 143, timeout=_PATIENCE)
    context = ssl.create_default_context()
    return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=_PATIENCE)
