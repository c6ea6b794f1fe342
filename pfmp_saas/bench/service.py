"""The whole service, started to be measured: the web server, the worker and the schedule, Valkey, a mail catcher."""

import base64
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pfmp_saas.bench.ground import Bench
from pfmp_saas.bench.processes import family, family_seconds, together
from pfmp_saas.core import crossing
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.retries import LONGEST_TRY

_PATIENCE = 240
_PAUSE = 0.05
_QUIET_SECONDS = 4  # two ticks of the schedule


@dataclass(frozen=True)
class Cost:
    """Processor seconds by part; ``elapsed`` are the clock's."""

    web: float
    worker: float
    postgres: float
    elapsed: float

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(
            self.web - other.web,
            self.worker - other.worker,
            self.postgres - other.postgres,
            self.elapsed - other.elapsed,
        )

    def without(self, idle: "Cost") -> "Cost":
        """Take away what the service spends in as long a time when nobody asks anything."""
        part = self.elapsed / idle.elapsed
        return Cost(
            self.web - idle.web * part,
            self.worker - idle.worker * part,
            self.postgres - idle.postgres * part,
            self.elapsed,
        )


class Service:
    """A service that runs: where it answers, what its parts have cost so far, its Valkey and its mail catcher."""

    def __init__(self, bench: Bench, port: int, web: int, worker: int, around: tuple[Any, Any]) -> None:
        self.bench, self.port = bench, port
        self.valkey, self.mails = around
        self._web, self._worker, self._postgres = web, worker, bench.postgres.process

    def cost(self) -> Cost:
        """Return what each part has cost since it was started, its ended processes included."""
        web, worker, postgres = (family_seconds(each) for each in (self._web, self._worker, self._postgres))
        return Cost(web, worker, postgres, time.perf_counter())

    def clocks(self) -> tuple[list[int], list[int]]:
        """Return the processes of the web server and of PostgreSQL as they are now."""
        return family(self._web), family(self._postgres)

    def idle(self) -> Cost:
        """Watch the service while nobody asks anything."""
        before = self.cost()
        time.sleep(_QUIET_SECONDS)
        return self.cost() - before

    def drain(self, *, mails: bool = True) -> None:
        """Wait until the worker has done all that is due, ``mails`` too. Raises BadInput when it does not."""
        session, limit = self.bench.session, time.monotonic() + _PATIENCE
        while time.monotonic() < limit:
            now = utc_now()
            waiting = [
                *crossing.pending_outbox(session, now + LONGEST_TRY, 1),  # what is being tried included
                *crossing.due_items(session, now, 1),
                *crossing.unsent_mails(session, now + LONGEST_TRY, int(mails)),
            ]
            session.rollback()
            if not waiting:
                return
            time.sleep(_PAUSE)
        raise BadInput("le worker n’a pas fini ce qui lui revient")


@contextmanager
def serving(bench: Bench, catcher: Callable[[Path], Any] | None = None) -> Iterator[Service]:
    """Run the service over the bench's database, as production does: two web processes, one worker and one for mail.

    ``catcher`` starts another mail catcher than the demonstration's.
    """
    services, children = bench.services, list[Any]()
    with tempfile.TemporaryDirectory() as directory:
        valkey = services.Valkey()
        mails = (catcher or services.MailCatcher)(Path(directory) / "mails")
        port = services.free_port()
        env = _environment(bench, port, valkey.url, mails.port)
        try:
            with (Path(directory) / "log").open("wb") as log:
                children += [services.start_web(env, port, log), services.start_worker(env, log)]
            services.wait_for_web(port, children)
            web, worker = (child.pid for child in children)
            yield Service(bench, port, web, worker, (valkey, mails))
        finally:
            services.stop_all(children)
            mails.stop()
            valkey.stop()


def _environment(bench: Bench, port: int, redis_url: str, smtp_port: int) -> dict[str, str]:
    kept = bench.settings
    others = {name: value for name, value in os.environ.items() if not name.startswith("PFMP_")}
    return others | {
        "PFMP_DATABASE_URL": kept.database_url,
        "PFMP_REDIS_URL": redis_url,
        "PFMP_SECRET_KEY": kept.secret_key,
        "PFMP_KEY_ENCRYPTION_KEY": base64.urlsafe_b64encode(kept.key_encryption_key).decode(),
        "PFMP_BASE_URL": f"http://127.0.0.1:{port}",
        "PFMP_SMTP_HOST": "127.0.0.1",
        "PFMP_SMTP_PORT": str(smtp_port),
        "PFMP_MAIL_FROM": "PFMP <ne-pas-repondre@pfmp.example>",
        "PFMP_TRUSTED_PROXIES": "1",  # each visitor has an address of its own, as behind a proxy
    }


def spent(processes: tuple[list[int], list[int]]) -> tuple[float, float]:
    """Return the processor seconds of the web server's and PostgreSQL's given processes."""
    web, postgres = processes
    return together(web), together(postgres)
