"""The worker on real servers: killed, doubled, its Redis emptied – one effect each, and nothing due forgotten."""

import asyncio
import email
import multiprocessing
import time
import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
import rq
from aiosmtpd.controller import Controller
from sqlalchemy import select

from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.queue import QUEUE, connect, queue
from pfmp_saas.core.retries import WorkState
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import schedule as schedule_due
from pfmp_saas.demo.services import MailCatcher, free_port
from pfmp_saas.jobs import processes, work
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.jobs.tick import EVERY_SECONDS, tick
from tests.support.mails import sent_as
from tests.support.processes import DAYS, HoldingServer, alive, descendants, worker_process
from tests.support.waiting import until
from tests.support.worker import (
    LATER,
    all_sent,
    assert_one_effect_each,
    last_beat,
    received,
    reminders,
    sending_to,
    working,
)

pytestmark = pytest.mark.real_processes


def test_killed_between_claiming_and_sending(seeded, session_factory, tenant, redis, tmp_path):
    holding = HoldingServer()
    with worker_process(sending_to(seeded, holding.port), workers=2) as process:
        until(lambda: len(holding.held) >= 2)  # two work horses are in the middle of a conversation
        below = descendants(process.pid)
        assert len(below) >= 7  # the schedule, two workers, two for mail, their horses
    assert alive(below) == []
    holding.stop()
    before = reminders(session_factory, tenant)
    assert {(row.state, row.attempts) for row in before} == {(WorkState.WAITING, 1), (WorkState.WAITING, 0)}
    claimed = [row for row in before if row.attempts]
    redis.flushall()
    catcher = MailCatcher(tmp_path / "mails")
    again = sending_to(seeded, catcher.port)
    with working(again):  # the clock has not moved
        until(lambda: len(received(catcher)) == 5 * len(DAYS) - len(claimed))
    with working(again, ahead=LATER):
        until(lambda: all_sent(session_factory, tenant))
    catcher.stop()
    assert_one_effect_each(session_factory, tenant)
    rows = reminders(session_factory, tenant)
    assert received(catcher) == {sent_as(row): 1 for row in rows}
    assert {row.id: row.message_id for row in before}.items() <= {
        row.id: row.message_id for row in rows
    }.items()
    assert {row.attempts for row in rows if row.id in {each.id for each in claimed}} == {2}


def _keep_then_hang(directory):
    """A mail server that keeps the message, then never says so: what the sender cannot tell from a loss."""

    async def keep(_server, _session, envelope):
        (directory / f"{uuid.uuid4().hex}.eml").write_bytes(envelope.content)
        await asyncio.Event().wait()

    return Controller(SimpleNamespace(handle_DATA=keep), hostname="127.0.0.1", port=free_port())


def test_killed_after_sending_the_same_message_id_lets_the_reader_drop_the_second(
    seeded, session_factory, tenant, redis, tmp_path
):
    first = tmp_path / "first"
    first.mkdir()
    hanging = _keep_then_hang(first)
    hanging.start()
    with worker_process(sending_to(seeded, hanging.port)):
        until(lambda: list(first.glob("*.eml")))
    hanging.stop()
    seen = [email.message_from_bytes(path.read_bytes())["Message-ID"] for path in first.glob("*.eml")]
    catcher = MailCatcher(tmp_path / "mails")
    again = sending_to(seeded, catcher.port)
    with working(again, ahead=LATER):
        until(lambda: all_sent(session_factory, tenant))
    catcher.stop()
    assert_one_effect_each(session_factory, tenant)
    assert len(seen) == 1
    assert received(catcher)[seen[0]] == 1


def test_redis_emptied_between_the_tick_and_the_work(seeded, session_factory, tenant, redis, mails):
    settings = sending_to(seeded, mails.port)
    configure(settings)
    assert tick() == len(DAYS)
    assert queue(settings).count == len(DAYS)
    redis.flushall()
    assert queue(settings).count == 0
    with working(settings):
        until(lambda: all_sent(session_factory, tenant))
    assert_one_effect_each(session_factory, tenant)
    assert set(received(mails).values()) == {1}


def test_redis_emptied_under_a_running_worker_which_goes_on(seeded, session_factory, tenant, redis, mails):
    settings = sending_to(seeded, mails.port)
    with worker_process(settings):
        until(lambda: all_sent(session_factory, tenant))
        redis.flushall()
        with session_factory.begin() as session:
            enter_tenant(session, tenant)
            item = session.scalars(select(DueItem)).first()
            schedule_due(session, item.kind, item.subject_id, "day-99", due_at=utc_now())
        until(lambda: len(received(mails)) == 5 * (len(DAYS) + 1))
    assert set(received(mails).values()) == {1}


def test_two_workers_and_two_schedules_at_once_do_no_work_twice(
    seeded, session_factory, tenant, redis, mails
):
    settings = sending_to(seeded, mails.port)
    with worker_process(settings, workers=2), worker_process(settings, workers=2):
        until(lambda: all_sent(session_factory, tenant))
        done = last_beat(session_factory)
        until(
            lambda: last_beat(session_factory) > done + timedelta(seconds=2 * EVERY_SECONDS)
        )  # finds nothing to do
    assert_one_effect_each(session_factory, tenant)
    assert received(mails) == {sent_as(row): 1 for row in reminders(session_factory, tenant)}
    assert {row.attempts for row in reminders(session_factory, tenant)} == {1}


def test_one_due_item_given_to_many_processes_at_the_same_instant(seeded, session_factory, tenant, mails):
    settings = sending_to(seeded, mails.port)
    with session_factory() as session:
        enter_tenant(session, tenant)
        items = [str(item.id) for item in session.scalars(select(DueItem))]
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(6)

    def race():
        configure(settings)
        barrier.wait(120)
        for item in items:
            work.run_due(str(tenant), item)

    racers = [context.Process(target=race) for _ in range(6)]
    [racer.start() for racer in racers]
    [racer.join(120) for racer in racers]
    assert {racer.exitcode for racer in racers} == {0}
    assert_one_effect_each(session_factory, tenant)


def test_the_tick_is_registered_by_interval_and_knows_no_time_zone(seeded, redis, monkeypatch):
    assert rq.VERSION.split(".")[0] == "2", "cron strings changed meaning with RQ 3: read its notes first"
    for zone in ("UTC", "Pacific/Noumea"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        scheduler = processes.schedule(seeded)
        (job,) = scheduler.get_jobs()
        assert (job.interval, job.cron, job.queue_name) == (EVERY_SECONDS, None, QUEUE)
        assert job.should_run()  # at once: what was missed while down is not waited for
        before = utc_now()
        scheduler.enqueue_jobs()
        assert not job.should_run()
        assert job.next_enqueue_time - job.latest_enqueue_time == timedelta(seconds=EVERY_SECONDS)
        assert before <= job.latest_enqueue_time <= utc_now()
    monkeypatch.undo()
    time.tzset()


def test_ticks_that_nobody_ran_expire_instead_of_piling_up(seeded, redis):
    scheduler = processes.schedule(seeded)
    (job,) = scheduler.enqueue_jobs()
    (job_id,) = job.get_job_ids(redis)
    fetched = rq.job.Job.fetch(job_id, connection=connect(seeded))
    assert fetched.ttl == processes.TICK_LIFE_SECONDS
