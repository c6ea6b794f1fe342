"""The jobs: each takes identifiers only, and does nothing if another was first."""

import uuid
from functools import partial

import structlog
from sqlalchemy.orm import Session

from pfmp_saas.accounts import queries as people
from pfmp_saas.core import breaker, retries
from pfmp_saas.core.mail import SERVER, OutgoingMail, Writer, compose, deliver, forget_secrets
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.core.retries import MAILS, WORK
from pfmp_saas.core.settings import Settings
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import claim
from pfmp_saas.evidence.timestamping import TimestampAuthority, configured
from pfmp_saas.evidence.verify import BadRoot
from pfmp_saas.jobs.runtime import runtime, work
from pfmp_saas.jobs.tries import Piece
from pfmp_saas.signing.sealing import SealMeans
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import do_due, follow, next_event

MOST_EVENTS = 50
"""Of one establishment in one job: the job ends long before its limit, and the next tick goes on."""
LOG = structlog.get_logger("pfmp")


def run_due(tenant: str, item: str) -> None:
    """Do one due thing: its effect and its mails are one transaction."""
    piece = Piece(uuid.UUID(tenant), DueItem, uuid.UUID(item), WORK)
    settings, now = runtime().settings, runtime().clock()
    means = SealMeans(settings.key_encryption_key, _authority(settings))
    piece.attempt(partial(_do, piece, Around(settings.base_url, now, means)), now)


def run_outbox(tenant: str) -> None:
    """Run the reactions to one establishment's events, one transaction each: a failure does not stop the others."""
    tenant_id = uuid.UUID(tenant)
    around = Around(runtime().settings.base_url, runtime().clock())
    for _ in range(MOST_EVENTS):
        with work(tenant_id) as session:
            row = next_event(session, around.now)
            event_id = row.id if row else None
        if event_id is None:
            return
        piece = Piece(tenant_id, OutboxEvent, event_id, WORK)
        piece.attempt(partial(_follow, piece, around), around.now)


def send_mail(tenant: str, mail: str) -> None:
    """Send one mail: its try is counted, durable, before the server hears of it."""
    piece = Piece(uuid.UUID(tenant), OutgoingMail, uuid.UUID(mail), MAILS, behind=SERVER)
    piece.attempt(partial(_send, piece), runtime().clock())


def _do(piece: Piece, around: Around) -> None:
    with work(piece.tenant_id) as session:
        item = claim(session, piece.row_id, around.now)
        if item is not None:
            do_due(session, item, around)


def _follow(piece: Piece, around: Around) -> None:
    with work(piece.tenant_id) as session:
        row = retries.waiting(session, OutboxEvent, piece.row_id)
        if row is not None:
            follow(session, row, around)


def _send(piece: Piece) -> None:
    settings = runtime().settings.mail
    with work(piece.tenant_id) as session:
        mail = session.get_one(OutgoingMail, piece.row_id)
        message = compose(session, mail, settings.sender, _writer(session))
    deliver(message, settings)
    with work(piece.tenant_id) as session:
        row = retries.waiting(session, OutgoingMail, piece.row_id)
        if row is not None:
            retries.finish(row, runtime().clock())
            forget_secrets(row)
        breaker.note_up(session, SERVER)


def _writer(session: Session) -> Writer:
    school = tenants.here(session)
    return Writer(school.name, people.contact(session), school.uai.lower())


def _authority(settings: Settings) -> TimestampAuthority | None:
    """Return the timestamp authority; None where its certificates are unreadable: seals wait, the rest goes on."""
    try:
        return configured(settings.tsa_url, settings.tsa_trust)
    except (BadRoot, OSError):
        LOG.exception("the timestamp authority's certificates cannot be read")
        return None
