"""The worker’s processes, run and looked at: what each due thing did, what each server of mail received."""

import email
import multiprocessing
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.policy import default
from multiprocessing.context import ForkProcess
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.heartbeat import Heartbeat
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.retries import LONGEST_TRY, WorkState
from pfmp_saas.core.settings import Settings
from pfmp_saas.deadlines.models import DueItem, Effect
from pfmp_saas.demo.services import MailCatcher
from pfmp_saas.jobs import processes
from tests.support.processes import DAYS

LATER = LONGEST_TRY + timedelta(minutes=1)


def sending_to(settings: Settings, port: int) -> Settings:
    return replace(settings, mail=replace(settings.mail, port=port))


@contextmanager
def running(
    settings: Settings, target: Callable[..., None], *, ahead: timedelta = timedelta(0), **options: Any
) -> Iterator[ForkProcess]:
    """A forked process that runs a worker or the schedule with its clock ``ahead``."""

    def clock() -> datetime:
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


@contextmanager
def working(settings: Settings, *, ahead: timedelta = timedelta(0)) -> Iterator[None]:
    """A worker, one for mail, and the schedule, their clocks ``ahead``."""
    with (
        running(settings, processes.run_worker, ahead=ahead),
        running(settings, processes.run_mailer, ahead=ahead),
        running(settings, processes.run_schedule, ahead=ahead),
    ):
        yield


def reminders(session_factory: sessionmaker[Session], tenant: uuid.UUID) -> list[OutgoingMail]:
    with session_factory() as session:
        enter_tenant(session, tenant)
        statement = select(OutgoingMail).where(OutgoingMail.kind == "unsigned-convention")
        return list(session.scalars(statement.order_by(OutgoingMail.created_at)))


def all_sent(session_factory: sessionmaker[Session], tenant: uuid.UUID) -> bool:
    rows = reminders(session_factory, tenant)
    return len(rows) == 5 * len(DAYS) and all(row.state == WorkState.DONE for row in rows)


def received(catcher: MailCatcher) -> Counter[str]:
    """How many times each Message-ID arrived."""
    messages = (
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in catcher.directory.glob("*.eml")
    )
    return Counter(message["Message-ID"] for message in messages)


def assert_one_effect_each(session_factory: sessionmaker[Session], tenant: uuid.UUID) -> None:
    """Each occurrence had its one effect, nothing still waits, and each signer got each reminder once."""
    with session_factory() as session:
        enter_tenant(session, tenant)
        effects = session.execute(
            select(Effect.occurrence, func.count().label("times")).group_by(Effect.occurrence)
        ).all()
        waiting = session.scalars(select(DueItem).where(DueItem.state == WorkState.WAITING)).all()
    assert {row.occurrence: row.times for row in effects} == {f"day-{day}": 1 for day in DAYS}
    assert waiting == []
    rows = reminders(session_factory, tenant)
    assert len({(row.occurrence, row.recipient) for row in rows}) == len(rows) == 5 * len(DAYS)


def last_beat(session_factory: sessionmaker[Session]) -> datetime | None:
    with session_factory() as session:
        row = session.get(Heartbeat, "tick")
        return row.at if row else None
