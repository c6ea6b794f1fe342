"""`make demo`: the whole service on one machine, from wheels; one Ctrl-C stops all of it."""

import base64
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType

from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.migrations import upgrade
from pfmp_saas.core.settings import from_environ
from pfmp_saas.demo.campaigns import fill
from pfmp_saas.demo.seed import name_logs, seed
from pfmp_saas.demo.services import (
    TOP,
    MailCatcher,
    Postgres,
    Process,
    Valkey,
    start_web,
    start_worker,
    stop_all,
    wait_for_web,
)
from pfmp_saas.documents.sealing.authority import Issuer, make_root

DATABASE = "pfmp"
SMALL = "PFMP_DEMO_SMALL"
"""Set, the schools keep the few people whom tests know by name: no classes, no campaigns."""
PAST = timedelta(days=90)
"""How far back the demonstration's authorities reach: its schools have already signed conventions."""
_MOST_DEATHS, _SHORT_SECONDS = 5, 60
"""So many deaths in so short a time, and starting again helps no more."""


class _Stop(Exception):
    """SIGINT or SIGTERM came."""


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


def main() -> int:
    """Start everything, wait for Ctrl-C, stop everything. Returns the exit code."""
    started = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _on_signal)
    var = Path(os.environ.get("PFMP_VAR", TOP / "var")).resolve()
    var.mkdir(parents=True, exist_ok=True)
    port = int(os.environ.get("PORT") or 8000)
    try:
        return _serve(var, port, started)
    except _Stop:
        return 0


def _serve(var: Path, port: int, started: float) -> int:
    postgres, valkey, mails = Postgres(var / "postgres"), Valkey(var / "valkey"), MailCatcher(var / "mails")
    children: list[Process] = []
    try:
        env = _environment(var, port, postgres, valkey, mails)
        new = postgres.create_database(DATABASE)
        upgrade(postgres.owner_url(DATABASE))
        if new or not (var / "seeded").exists():
            seed(from_environ(env), postgres.owner_url(DATABASE), _root(var / "trust"), utc_now())
            (var / "seeded").touch()
        if not os.environ.get(SMALL) and not (var / "filled").exists():
            print("  Les trois établissements se remplissent (une fois, une demi-minute)…", flush=True)
            fill(from_environ(env), utc_now())
            (var / "filled").touch()
        name_logs(from_environ(env), _root(var / "trust"), utc_now())
        starts = [
            partial(start_web, env, port),
            partial(start_worker, env),
            partial(_checkpoint, env, var, postgres),
        ]
        children += [start() for start in starts]
        wait_for_web(port, children)
        print(
            f"\n  PFMP tourne sur http://127.0.0.1:{port}/demo  ({time.monotonic() - started:.1f} s)",
            flush=True,
        )
        print("  Courriels : /demo/mails – Ctrl-C arrête tout.\n", flush=True)
        return _watch(children, starts)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
        stop_all(children)
        mails.stop()
        valkey.stop()
        postgres.stop()


def _environment(
    var: Path, port: int, postgres: Postgres, valkey: Valkey, mails: MailCatcher
) -> dict[str, str]:
    """Return the settings of this demonstration, its secrets kept from one start to the next."""
    trust = _trust(var / "trust")
    values = {
        "PFMP_DATABASE_URL": postgres.app_url(DATABASE),
        "PFMP_REDIS_URL": valkey.url,
        "PFMP_SECRET_KEY": _secret(var / "secret", lambda: secrets.token_urlsafe(48)),
        "PFMP_KEY_ENCRYPTION_KEY": _secret(
            var / "kek", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        ),
        "PFMP_BASE_URL": f"http://127.0.0.1:{port}",
        "PFMP_SMTP_HOST": "127.0.0.1",
        "PFMP_SMTP_PORT": str(mails.port),
        "PFMP_MAIL_FROM": "PFMP <ne-pas-repondre@pfmp.example>",
        "PFMP_DEMO": "1",
        "PFMP_LOG_LEVEL": os.environ.get("PFMP_LOG_LEVEL", "WARNING"),  # a terminal is for people
        "PFMP_DEMO_MAILS": str(mails.directory),
        "PFMP_TRUST_ROOT": str(trust),
    }
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    _private(var / "demo.env", text)
    return {**os.environ, **values}


def _trust(directory: Path) -> Path:
    """Return the platform's root certificate, which verification trusts; create the root on the first start."""
    certificate = directory / "root.pem"
    if not certificate.exists():
        directory.mkdir(exist_ok=True)
        root = make_root("PFMP – autorité racine de démonstration", utc_now() - PAST)
        _private(directory / "root.key", root.key_pem.decode())
        certificate.write_text(root.certificate_pem)
    return certificate


def _root(directory: Path) -> Issuer:
    """Return the platform's root with its key, to open the authorities of the demonstration's schools."""
    certificate = (directory / "root.pem").read_text()
    return Issuer(certificate, certificate, (directory / "root.key").read_bytes())


def _secret(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        _private(path, make())
    return path.read_text()


def _private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _checkpoint(env: dict[str, str], var: Path, postgres: Postgres) -> Process:
    """Start the process that signs checkpoints: it alone knows the role that may."""
    own = {
        "PFMP_CHECKPOINT_DATABASE_URL": postgres.checkpoint_url(DATABASE),
        "PFMP_CHECKPOINT_MEMORY": str(var / "checkpoints.json"),
    }
    arguments = [sys.executable, "-m", "pfmp_saas.cli.main", "checkpoint", "run"]
    return subprocess.Popen(arguments, cwd=TOP, env=env | own, start_new_session=True)


def _watch(children: list[Process], starts: Sequence[Callable[[], Process]]) -> int:
    """Start again what dies, as systemd does in production; give up when something dies again and again."""
    deaths: deque[float] = deque(maxlen=_MOST_DEATHS)
    while True:
        time.sleep(0.5)
        for place, child in enumerate(children):
            if child.poll() is None:
                continue
            deaths.append(time.monotonic())
            if len(deaths) == _MOST_DEATHS and deaths[-1] - deaths[0] < _SHORT_SECONDS:
                print("un des services s’arrête sans cesse : tout s’arrête", file=sys.stderr)
                return 1
            print("un des services s’est arrêté : il repart", file=sys.stderr)
            children[place] = starts[place]()


if __name__ == "__main__":
    sys.exit(main())
