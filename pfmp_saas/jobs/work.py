"""The jobs: each takes identifiers only, and does nothing if another was first."""

import logging
import smtplib
import uuid
from datetime import timedelta

from sqlalchemy import or_, select

from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.mail import MailState, OutgoingMail, compose, deliver, for_good
from pfmp_saas.deadlines.use_cases import claim, postpone
from pfmp_saas.evidence.timestamping import StampFailed, configured
from pfmp_saas.jobs.runtime import runtime, work
from pfmp_saas.signing.sealing import SealMeans
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import do_due, react

STALE = timedelta(minutes=2)
"""How long a mail may stay "sending" before another worker takes it over, with the same Message-ID."""


MOST_ATTEMPTS = 14
"""Of a mail or a due thing: some six hours of due things, two days of mails; then it is shown to the school."""
LONGEST_WAIT = timedelta(hours=6)
LOG = logging.getLogger("pfmp")


def run_due(tenant: str, item: str) -> None:
    """Do one due thing: its effect and its mails are one transaction. A timestamp authority that fails is asked again."""
    now, kept = runtime().clock(), runtime().settings
    means = SealMeans(kept.key_encryption_key, configured(kept.tsa_url, kept.tsa_trust))
    try:
        with work(uuid.UUID(tenant)) as session:
            claimed = claim(session, uuid.UUID(item), now)
            if claimed:
                do_due(session, claimed, Around(kept.base_url, now, means))
    except StampFailed as error:
        with work(uuid.UUID(tenant)) as session:
            postpone(session, uuid.UUID(item), now, str(error))
    except Exception as error:
        LOG.exception("due item %s failed", item)
        with work(uuid.UUID(tenant)) as session:
            postpone(session, uuid.UUID(item), now, f"{type(error).__name__}: {error}", most=MOST_ATTEMPTS)


def run_outbox(tenant: str) -> None:
    """React to what happened in one establishment."""
    with work(uuid.UUID(tenant)) as session:
        react(session, Around(runtime().settings.base_url, runtime().clock()))


def send_mail(tenant: str, mail: str) -> None:
    """Send one mail: recorded as sending, durable, before the server hears of it."""
    tenant_id, mail_id = uuid.UUID(tenant), uuid.UUID(mail)
    if not _claim_mail(tenant_id, mail_id):
        return
    try:
        with work(tenant_id) as session:
            message = compose(session, session.get_one(OutgoingMail, mail_id), runtime().settings.mail.sender)
        deliver(message, runtime().settings.mail)
    except (OSError, smtplib.SMTPException, DomainError) as error:
        _record(tenant_id, mail_id, error)
        return
    _record(tenant_id, mail_id, None)


def _claim_mail(tenant_id: uuid.UUID, mail_id: uuid.UUID) -> bool:
    now = runtime().clock()
    free = or_(OutgoingMail.state == MailState.PENDING, OutgoingMail.claimed_at < now - STALE)
    ended = (MailState.SENT, MailState.REFUSED)
    statement = select(OutgoingMail).where(OutgoingMail.id == mail_id, OutgoingMail.state.not_in(ended), free)
    with work(tenant_id) as session:
        row = session.scalars(statement.with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return False
        row.state, row.claimed_at, row.attempts = MailState.SENDING, now, row.attempts + 1
        return True


def _record(tenant_id: uuid.UUID, mail_id: uuid.UUID, error: Exception | None) -> None:
    with work(tenant_id) as session:
        row = session.get_one(OutgoingMail, mail_id)
        if error is None:
            row.state, row.sent_at, row.last_error = MailState.SENT, runtime().clock(), None
            return
        row.last_error = str(error)[:500]
        if for_good(error) or row.attempts >= MOST_ATTEMPTS:
            row.state = MailState.REFUSED
        else:  # left as "sending", claimed until then: a broken server is not hammered
            row.claimed_at = runtime().clock() + min(STALE * 2 ** (row.attempts - 1), LONGEST_WAIT) - STALE
