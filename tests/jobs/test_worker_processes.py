"""The worker’s processes: a killed child is started again, and none is left behind."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from pfmp_saas.core.clock import utc_now
from tests.support.processes import DAYS, HoldingServer, alive, descendants, worker_process
from tests.support.waiting import until
from tests.support.worker import LATER, assert_one_effect_each, last_beat, reminders, sending_to

pytestmark = pytest.mark.real_processes


def test_a_killed_child_is_started_again(seeded, session_factory, tenant, redis, mails):
    settings = sending_to(seeded, mails.port)
    with worker_process(settings) as process:
        until(lambda: last_beat(session_factory))
        first = descendants(process.pid)
        children = [pid for pid in first if _parent(pid) == process.pid]
        assert len(children) == 3
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        killed = utc_now()
        until(lambda: (last_beat(session_factory) or killed) > killed + timedelta(seconds=1))
        now_below = [pid for pid in descendants(process.pid) if _parent(pid) == process.pid]
        assert len(now_below) == 3
        assert not set(children) & set(now_below)
        # What a killed child was doing is taken for dead after LONGEST_TRY, no sooner: the kill may fall there.
        patience = 2 * LATER.total_seconds()
        until(lambda: len(reminders(session_factory, tenant)) == 5 * len(DAYS), seconds=patience)
    assert_one_effect_each(session_factory, tenant)


def _parent(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return None


@pytest.mark.parametrize("busy", [False, True])
def test_sigterm_leaves_no_process_even_in_the_middle_of_a_mail(
    busy, seeded, session_factory, tenant, redis, mails
):
    holding = HoldingServer()
    settings = sending_to(seeded, holding.port if busy else mails.port)
    with worker_process(settings) as process:
        until(lambda: holding.held if busy else last_beat(session_factory))
        below = descendants(process.pid)
        process.terminate()
        assert process.wait(60) == 0
        until(lambda: not alive(below))
    holding.stop()


def test_a_killed_supervisor_leaves_no_orphan(seeded, session_factory, tenant, redis, mails):
    with worker_process(sending_to(seeded, mails.port)) as process:
        until(lambda: last_beat(session_factory))
        below = descendants(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
        until(lambda: not alive(below))
