"""The job that reads returned mail, where a mailbox is named."""

import imaplib

import structlog

from pfmp_saas.core import returned
from pfmp_saas.jobs.runtime import runtime, work

EVERY_SECONDS = 300
LOG = structlog.get_logger("pfmp")


def take_returns() -> int:
    """Note which mails came back; return how many. A mailbox that does not answer is asked again at the next run."""
    address, number = runtime().settings.bounce_imap, 0
    if address is None:
        return 0
    try:
        for raw in returned.unread(address):
            found = _read(raw)
            if found is not None:
                with work(None) as session:
                    number += returned.note(session, found, runtime().clock())
    except (OSError, imaplib.IMAP4.error):
        LOG.exception("the mailbox of returned mail cannot be read")
    return number


def _read(raw: bytes) -> returned.Returned | None:
    """Read one message; what no parser can read is noted and left, so that it stops no other."""
    try:
        return returned.read(raw)
    except Exception:  # hostile bytes: parsers raise whatever they like
        LOG.exception("a returned message cannot be read")
        return None
