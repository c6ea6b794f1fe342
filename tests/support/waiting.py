"""Waiting for a state, the one place where tests pause, between two looks; and stopping what would never end."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T], why: Callable[[], str] = str, seconds: float = 90) -> T:
    """Return what ``look`` gives once it is true; fail after ``seconds``, and say ``why()``."""
    limit = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < limit, f"nothing after {seconds} s: {why()}"
        time.sleep(0.05)
    return seen


@contextmanager
def ends() -> Iterator[None]:
    """Fail what still runs after two minutes of processor: a thousand times what it takes, so never for a busy machine."""

    def stop(*_: object) -> None:
        raise AssertionError("it does not end")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, 120)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
