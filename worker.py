"""`python worker.py`: RQ workers on the one queue, and the schedule. A child that dies is started again."""

import logging
import os
import signal
import sys
import time
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from types import FrameType

from rq import Worker
from rq.cron import CronScheduler

from config import settings
from pfmp_saas.core.queue import QUEUE, connect, queue
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.jobs.tick import EVERY_SECONDS, tick


def work() -> None:
    """Run one RQ worker until told to stop."""
    configure(settings())
    worker = Worker(
        [queue(settings())], connection=connect(settings()), worker_ttl=60, maintenance_interval=60,
        log_job_description=False,
    )  # fmt: skip
    worker.work(logging_level="WARNING")


def schedule() -> None:
    """Run the schedule: one tick every few seconds, by interval and so without any time zone."""
    configure(settings())
    cron = CronScheduler(connect(settings()), logging_level=logging.WARNING)
    cron.register(tick, QUEUE, interval=EVERY_SECONDS, result_ttl=0)
    cron.start()


class _Stop(Exception):
    """SIGINT or SIGTERM came."""


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


def main() -> int:
    """Start the children, keep them alive, stop them all on SIGINT or SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _on_signal)
    targets = [schedule, *[work] * int(os.environ.get("PFMP_WORKERS", "1"))]
    children = [_start(target) for target in targets]
    try:
        while True:
            time.sleep(0.5)
            children = [
                child if child.is_alive() else _start(target)
                for child, target in zip(children, targets, strict=True)
            ]
    except _Stop:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _stop(children)


def _start(target: object) -> ForkProcess:
    child = get_context("fork").Process(target=_child, args=(target,), daemon=False)
    child.start()
    return child


def _child(target: object) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    assert callable(target)
    target()


def _stop(children: list[ForkProcess]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        child.join(5)
        if child.is_alive():
            child.kill()
            child.join()


if __name__ == "__main__":
    sys.exit(main())
