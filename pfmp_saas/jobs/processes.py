"""What a worker process and the schedule's process run: RQ, configured once, the same for production and tests."""

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from types import TracebackType

import structlog
from rq import Queue, Worker
from rq.cron import CronScheduler
from rq.job import Job
from structlog.contextvars import bind_contextvars

from pfmp_saas.core import logs, mail_templates, observer
from pfmp_saas.core.clock import Clock, utc_now
from pfmp_saas.core.logs import failed
from pfmp_saas.core.queue import MAIL_QUEUE, QUEUE, connect, queue
from pfmp_saas.core.settings import Settings
from pfmp_saas.jobs.returns import EVERY_SECONDS as RETURNS_EVERY
from pfmp_saas.jobs.returns import take_returns
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.jobs.tick import EVERY_SECONDS, tick

TICK_LIFE_SECONDS = 60
"""A tick that waited longer than this is dropped: a long stop of the workers must not pile thousands up."""
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, linux/prctl.h


LOG = structlog.get_logger("pfmp")


class PfmpWorker(Worker):
    """A worker whose job dies with it, so that no job runs unwatched, and that logs each by name, school and duration."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run one job in the forked process."""
        die_with_parent(signal.SIGKILL)
        super().main_work_horse(job, queue)

    def perform_job(self, job: Job, queue: Queue) -> bool:
        """Run the job, log its end, and let what was told of it leave before the process ends."""
        began, tenant = time.perf_counter(), job.args[0] if job.args else None
        bind_contextvars(job=str(job.func_name).rpartition(".")[2], **({"tenant": tenant} if tenant else {}))
        good = super().perform_job(job, queue)
        tell = LOG.info if tenant else LOG.debug  # a tick comes every two seconds
        tell("job", status="good" if good else "failed", duration_ms=_since(began))
        observer.flush()
        return good


def _since(began: float) -> float:
    return round(1000 * (time.perf_counter() - began), 1)


def _failed(_job: Job, _kind: type[BaseException], error: BaseException, _trace: TracebackType) -> bool:
    """Log the error of a job; RQ's own line says the values that the error names."""
    failed(LOG, "job failed", error)
    return True


def begin(settings: Settings, clock: Clock = utc_now) -> None:
    """Begin a process of jobs: its logs, the observer of its errors, its composition."""
    logs.configure(settings.log_level)
    observer.start(settings.sentry_dsn)
    configure(settings, clock)


def run_worker(settings: Settings, clock: Clock = utc_now, *, name: str = QUEUE, burst: bool = False) -> None:
    """Run one RQ worker on the queue ``name`` until a signal stops it, or until the queue is empty if ``burst``."""
    begin(settings, clock)
    mail_templates.compile_all()
    worker = PfmpWorker(
        [queue(settings, name)], connection=connect(settings), worker_ttl=60, maintenance_interval=60,
        log_job_description=False, exception_handlers=[_failed],
    )  # fmt: skip
    worker.work(logging_level="WARNING", burst=burst)


def run_mailer(settings: Settings, clock: Clock = utc_now) -> None:
    """Run one RQ worker that sends mail and does nothing else."""
    run_worker(settings, clock, name=MAIL_QUEUE)


def run_schedule(settings: Settings, clock: Clock = utc_now) -> None:
    """Run the schedule until SIGINT or SIGTERM."""
    begin(settings, clock)
    schedule(settings).start()  # type: ignore[no-untyped-call]


def schedule(settings: Settings) -> CronScheduler:
    """Return the schedule: one tick every few seconds, by interval and so without any time zone."""
    cron = CronScheduler(connect(settings), logging_level=logging.WARNING)
    cron.register(tick, QUEUE, interval=EVERY_SECONDS, result_ttl=0, ttl=TICK_LIFE_SECONDS)
    if settings.bounce_imap:
        cron.register(take_returns, QUEUE, interval=RETURNS_EVERY, result_ttl=0, ttl=RETURNS_EVERY)
    return cron


def die_with_parent(number: signal.Signals) -> None:
    """Ask Linux to signal this process when its parent dies, however it dies. Elsewhere: nothing."""
    if sys.platform == "linux":
        prctl: Callable[[int, int], int] = ctypes.CDLL(None).prctl
        prctl(_PARENT_DEATH_SIGNAL, number)
        if os.getppid() == 1:  # it died before we asked
            os.kill(os.getpid(), number)
