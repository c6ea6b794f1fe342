"""Real processes for the tests: the worker as production starts it, and what is left of it afterwards."""

import base64
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pfmp_saas.core.settings import Settings
from tests.support.waiting import until

TOP = Path(__file__).parents[2]


def environment(settings: Settings) -> dict[str, str]:
    """The environment that gives a process these settings."""
    values = {
        "PFMP_DATABASE_URL": settings.database_url,
        "PFMP_REDIS_URL": settings.redis_url,
        "PFMP_SECRET_KEY": settings.secret_key,
        "PFMP_KEY_ENCRYPTION_KEY": base64.urlsafe_b64encode(settings.key_encryption_key).decode(),
        "PFMP_BASE_URL": settings.base_url,
        "PFMP_SMTP_HOST": settings.mail.host,
        "PFMP_SMTP_PORT": str(settings.mail.port),
        "PFMP_MAIL_FROM": settings.mail.sender,
        "PFMP_TRUST_ROOT": str(settings.trust_root),
    }
    return {**os.environ, **values, "PYTHONPATH": str(TOP)}


@contextmanager
def worker_process(
    settings: Settings, workers: int = 1, log: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """`python worker.py`, killed with all its descendants at the end if the test did not stop it."""
    env = {**environment(settings), "PFMP_WORKERS": str(workers), "PFMP_MAIL_WORKERS": str(workers)}
    process = subprocess.Popen(
        [sys.executable, "worker.py"], cwd=TOP, env=env, start_new_session=True, stderr=log
    )
    try:
        yield process
    finally:
        kill_tree(process)


def descendants(pid: int) -> list[int]:
    """The pids of all living processes below ``pid``, children first."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return found


def alive(pids: Iterable[int]) -> list[int]:
    """Those of ``pids`` that still run."""
    running = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state not in "ZX":
            running.append(pid)
    return running


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL the process and everything below it, as a power cut would."""
    pids = [process.pid, *descendants(process.pid)]
    for pid in pids if process.poll() is None else pids[1:]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait(10)
    until(lambda: not alive(pids))


class HoldingServer:
    """A mail server that accepts the connection and then says nothing: the worker waits, its mail claimed."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                self.held.append(self._socket.accept()[0])
            except OSError:
                return

    def stop(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)
        for held in self.held:
            held.close()


DAYS = (3, 7, 14)
"""After how many days each reminder of the tests falls due."""
