"""The worker’s processes, run and looked at: what each due thing did, what each server of mail received."""

import email
import multiprocessing
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.policy import default

from sqlalchemy import func, select

from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.heartbeat import Heartbeat
from pfmp_saas.core.mail import MailState, OutgoingMail
from pfmp_saas.deadlines.models import DueItem, DueState, Effect
from pfmp_saas.jobs import work
from tests.support.processes import DAYS

LATER = work.STALE + timedelta(minutes=1)


def sending_to(settings, port):
    return replace(settings, mail=replace(settings.mail, port=port))


@contextmanager
def running(settings, target, *, ahead=timedelta(0), **options):
    """A forked process that runs a worker or the schedule with its clock ``ahead``."""

    def clock():
        return utc_now() + ahead

    process = multiprocessing.get_context("fork").Process(
        target=target, args=(settings, clock), kwargs=options
    )
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join(10)


def reminders(session_factory, tenant):
    with session_factory() as session:
        enter_tenant(session, tenant)
        statement = select(OutgoingMail).where(OutgoingMail.kind == "unsigned-convention")
        return list(session.scalars(statement.order_by(OutgoingMail.created_at)))


def all_sent(session_factory, tenant):
    rows = reminders(session_factory, tenant)
    return len(rows) == 5 * len(DAYS) and all(row.state == MailState.SENT for row in rows)


def received(catcher):
    """How many times each Message-ID arrived."""
    messages = (
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in catcher.directory.glob("*.eml")
    )
    return Counter(message["Message-ID"] for message in messages)


def assert_one_effect_each(session_factory, tenant):
    """Each occurrence had its one effect, nothing still waits, and each signer got each reminder once."""
    with session_factory() as session:
        enter_tenant(session, tenant)
        effects = session.execute(select(Effect.occurrence, func.count()).group_by(Effect.occurrence)).all()
        waiting = session.scalars(select(DueItem).where(DueItem.state == DueState.WAITING)).all()
    assert dict(map(tuple, effects)) == {f"day-{day}": 1 for day in DAYS}
    assert waiting == []
    rows = reminders(session_factory, tenant)
    assert len({(row.occurrence, row.recipient) for row in rows}) == len(rows) == 5 * len(DAYS)


def last_beat(session_factory):
    with session_factory() as session:
        row = session.get(Heartbeat, "tick")
        return row.at if row else None
