"""`python worker.py`: RQ workers, some for mail alone, and the schedule. A child that dies is started again."""

import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from types import FrameType

import structlog

from config import settings
from pfmp_saas.core import observer
from pfmp_saas.core.settings import Settings
from pfmp_saas.jobs.processes import die_with_parent, run_mailer, run_schedule, run_worker

Target = Callable[[Settings], None]
LOG = structlog.get_logger("pfmp")
GRACE_SECONDS = 5
"""How long a running job may take to end well once a stop is asked; then it is taken down, and taken up later."""


class _Stop(Exception):
    """SIGINT or SIGTERM came."""


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


def main() -> int:
    """Start the children, keep them alive, stop them all on SIGINT or SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _on_signal)
    targets: list[Target] = [
        run_schedule,
        *[run_worker] * int(os.environ.get("PFMP_WORKERS", "1")),
        *[run_mailer] * int(os.environ.get("PFMP_MAIL_WORKERS", "1")),
    ]
    children: list[ForkProcess] = []
    try:
        children += [_start(target) for target in targets]
        while True:
            time.sleep(0.5)
            children[:] = [
                child if child.is_alive() else _start(target)
                for child, target in zip(children, targets, strict=True)
            ]
    except _Stop:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _stop(children)


def _start(target: Target) -> ForkProcess:
    child = get_context("fork").Process(target=_child, args=(target,), daemon=False)
    child.start()
    return child


def _child(target: Target) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    die_with_parent(signal.SIGTERM)
    try:
        target(settings())
    except Exception as error:
        LOG.exception("a process of the worker stopped")
        observer.tell(error)
        sys.exit(1)


def _stop(children: list[ForkProcess]) -> None:
    """Ask once; ask again, and RQ takes its running job down with it; then insist."""
    for grace in (GRACE_SECONDS, 2):
        for child in children:
            if child.is_alive():
                child.terminate()
        limit = time.monotonic() + grace
        for child in children:
            child.join(max(0, limit - time.monotonic()))
    for child in children:
        if child.is_alive():
            child.kill()
        child.join()


if __name__ == "__main__":
    sys.exit(main())
