"""A mail server that hangs: signatures and what follows them go on, mails wait, and each leaves once when it is back."""

import base64
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

from sqlalchemy import select

from pfmp_saas.bench import school
from pfmp_saas.bench.chaos.catcher import CatcherProcess, named
from pfmp_saas.bench.chaos.counts import Count
from pfmp_saas.bench.ground import Bench
from pfmp_saas.bench.service import Service, serving
from pfmp_saas.bench.visitor import Visitor
from pfmp_saas.core import mail
from pfmp_saas.core.breaker import Breaker
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.retries import WorkState
from pfmp_saas.demo.services import TOP
from pfmp_saas.signing.models import SignatureRequest

_HUNG_SECONDS, _PATIENCE = 20, 120
"""It hangs at least so long: more than two tries of the server; and so long at most."""


def without_mail(bench: Bench, mails: int, conventions: int) -> Iterator[Count]:
    """Hang the mail server, write ``mails``, sign ``conventions`` by five each, let it go on; count what arrived."""
    like, now = school.model(bench.session).data, utc_now()
    sent = [school.sent(bench, like, 700 + rank, now) for rank in range(conventions)]
    requests = [each.request.id for each in sent]
    signed_ones = [each.request.subject_id for each in sent]
    bench.session.commit()
    with serving(bench, CatcherProcess) as service, _checkpoints(bench):
        service.drain()
        before = set(bench.session.scalars(select(OutgoingMail.id)))
        service.mails.hang()
        began = time.monotonic()
        _write(bench, mails)
        signed = sum(
            _signed(service, token, rank) for rank, token in enumerate(t for s in sent for t in s.tokens)
        )
        yield Count("serveur de courriel pendu : signatures prises", signed, 5 * conventions)
        service.drain(mails=False)
        yield Count("… conventions signées par tous, suites faites", _complete(bench, requests), conventions)
        while time.monotonic() - began < _HUNG_SECONDS or _copied(bench, signed_ones) < conventions:
            if time.monotonic() - began > _PATIENCE:
                break
            time.sleep(0.5)
        yield Count(
            "… conventions dont les copies attendent de partir", _copied(bench, signed_ones), conventions
        )
        yield from _while_hung(bench, service, before)
        service.mails.go_on()
        service.drain()
        yield from _arrived(bench, service, before, mails)


@contextmanager
def _checkpoints(bench: Bench) -> Iterator[None]:
    """Run the process that signs checkpoints: copies of a signed convention wait for one."""
    env = {
        **os.environ,
        "PFMP_CHECKPOINT_DATABASE_URL": bench.owner_url.replace("pfmp_owner@", "pfmp_checkpoint@"),
        "PFMP_KEY_ENCRYPTION_KEY": base64.urlsafe_b64encode(bench.settings.key_encryption_key).decode(),
    }
    arguments = [sys.executable, "-m", "pfmp_saas.cli.main", "checkpoint", "run"]
    process = subprocess.Popen(arguments, cwd=TOP, env=env)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _copied(bench: Bench, conventions: list[uuid.UUID]) -> int:
    """Return how many of these conventions have mails that carry their copies."""
    bench.session.rollback()
    copies = select(OutgoingMail.subject_id).where(
        OutgoingMail.kind == MailKind.CONVENTION_SIGNED, OutgoingMail.subject_id.in_(conventions)
    )
    return len(bench.session.scalars(copies.distinct()).all())


def _write(bench: Bench, number: int) -> None:
    for rank in range(number):
        mail.send(
            bench.session, MailKind.WELCOME, (f"Personne {rank}", f"personne{rank}@chaos.example"),
            subject_id=uuid.uuid4(), occurrence="1", school="Lycée", url=f"https://x.example/entree/{rank}",
        )  # fmt: skip
    bench.session.commit()


def _signed(service: Service, token: str, rank: int) -> bool:
    visitor = Visitor(service.port, token, 70_000 + rank)
    visitor.open()
    visitor.sign()
    return True


def _complete(bench: Bench, requests: list[uuid.UUID]) -> int:
    bench.session.rollback()
    complete = select(SignatureRequest.id).where(
        SignatureRequest.id.in_(requests), SignatureRequest.state == "complete"
    )
    return len(bench.session.scalars(complete).all())


def _new(bench: Bench, before: set[uuid.UUID]) -> list[OutgoingMail]:
    bench.session.rollback()
    bench.session.expire_all()
    return [row for row in bench.session.scalars(select(OutgoingMail)) if row.id not in before]


def _while_hung(bench: Bench, service: Service, before: set[uuid.UUID]) -> Iterator[Count]:
    rows = _new(bench, before)
    breaker = bench.session.get(Breaker, mail.SERVER)
    tries = breaker.failures + 1 if breaker else 0  # what is being tried included
    waiting = sum(row.state == WorkState.WAITING for row in rows)
    yield Count("… courriels qui attendent", waiting, len(rows))
    yield Count(
        "… essais du serveur, tous courriels ensemble", sum(row.attempts for row in rows), tries, at_most=True
    )
    with urlopen(f"http://127.0.0.1:{service.port}/readyz") as answer:
        yield Count("… /readyz", answer.status, 200)


def _arrived(bench: Bench, service: Service, before: set[uuid.UUID], written: int) -> Iterator[Count]:
    rows, received = _new(bench, before), service.mails.received()
    times = [received[named(row.message_id), row.recipient] for row in rows]
    ours = [row for row in rows if row.recipient.endswith("@chaos.example")]
    yield Count(
        "serveur revenu : courriels des essais partis", sum(r.state == WorkState.DONE for r in ours), written
    )
    yield Count("… courriels en tout partis", sum(row.state == WorkState.DONE for row in rows), len(rows))
    yield Count("… arrivés une fois", times.count(1), len(rows))
    yield Count("… arrivés deux fois ou plus", sum(number > 1 for number in times), 0)
    yield Count("… donnés pour perdus", sum(row.state == WorkState.FAILED for row in rows), 0)
