"""PostgreSQL killed in the middle of signings: who had an answer keeps the act, who had an error signs again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from pfmp_saas.bench import school
from pfmp_saas.bench.chaos.counts import Count
from pfmp_saas.bench.ground import Bench
from pfmp_saas.bench.processes import family
from pfmp_saas.bench.service import Service, serving
from pfmp_saas.bench.visitor import Visitor
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.demo.services import TOP
from pfmp_saas.evidence.queries import events_of
from pfmp_saas.evidence.verify import ReaderInput, judge_pdf
from pfmp_saas.signing import queries
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.states import SignerState

_AT_ONCE = 10
_DOWN_SECONDS = 1
"""PostgreSQL is away for so long, and for as long as it takes to repair itself."""
_RANK = 90_000


@dataclass
class Signings:
    """What each signer was answered: by the place in the list."""

    good: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)


def without_database(bench: Bench, conventions: int) -> Iterator[Count]:
    """Kill PostgreSQL when a third of the signers has signed; start it again; have the others sign again; count."""
    like, now = school.model(bench.session).data, utc_now()
    sent = [school.sent(bench, like, 900 + rank, now) for rank in range(conventions)]
    requests = [each.request.id for each in sent]
    tokens = [token for each in zip(*(each.tokens for each in sent), strict=True) for token in each]
    bench.session.commit()
    with serving(bench) as service:
        service.drain()
        first = _sign_under_fire(bench, service, tokens)
        yield Count("PostgreSQL tué en pleine signature : signatures demandées", len(tokens), 5 * conventions)
        yield Count("… réponses bonnes", len(first.good))
        yield Count("… erreurs", len(first.failed), len(tokens) - len(first.good))
        _wake(bench)
        kept = _signed_tokens(service, tokens, first.good)
        yield Count("… des réponses bonnes, actes retrouvés", kept, len(first.good))
        known = _signed_tokens(service, tokens, first.failed)
        yield Count("… des erreurs, actes enregistrés dont la réponse s’est perdue", known)
        again = sum(_sign_again(service, tokens[rank], rank) for rank in sorted(first.failed))
        yield Count("… erreurs qui signent ensuite (ou avaient signé)", again, len(first.failed))
        service.drain()
    yield from _judged(bench, requests, conventions)


def _sign_under_fire(bench: Bench, service: Service, tokens: list[str]) -> Signings:
    """Have all sign, ten at a time; kill PostgreSQL after a third of them; the last third comes once it is back."""
    found, back = Signings(), Event()

    def come(rank: int) -> None:
        if rank >= 2 * len(tokens) // 3:
            back.wait()
        visitor = Visitor(service.port, tokens[rank], _RANK + rank)
        try:
            visitor.open()
            visitor.sign()
        except BadInput:
            found.failed.add(rank)
        else:
            found.good.add(rank)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(come, rank) for rank in range(len(tokens))]
        while len(found.good) < len(tokens) // 3:
            time.sleep(0.002)
        for member in family(bench.postgres.process):  # all at once, as a power cut would
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        time.sleep(_DOWN_SECONDS)
        bench.postgres.start_again()
        back.set()
        for each in waiting:
            each.result()
    return found


def _wake(bench: Bench) -> None:
    """Let the bench's own session find out that its connection is gone."""
    for _ in range(2):
        with suppress(SQLAlchemyError):
            bench.session.execute(text("select 1"))
        bench.session.rollback()
    bench.session.expire_all()


def _signed_tokens(service: Service, tokens: list[str], ranks: set[int]) -> int:
    return sum(Visitor(service.port, tokens[rank], _RANK + rank).has_signed() for rank in sorted(ranks))


def _sign_again(service: Service, token: str, rank: int) -> bool:
    visitor = Visitor(service.port, token, _RANK + rank)
    try:
        if not visitor.has_signed():
            visitor.open()
            visitor.sign()
        return visitor.has_signed()
    except BadInput:
        return False


def _judged(bench: Bench, requests: Sequence[object], conventions: int) -> Iterator[Count]:
    """Count signers, events and acts of PDF files, and audit the database."""
    session = bench.session
    session.rollback()
    rows = session.scalars(select(SignatureRequest).where(SignatureRequest.id.in_(requests))).all()
    held = ReaderInput(utc_now(), trust=(bench.root.certificate_pem.encode(),), expect=5)
    signers = [signer.state for row in rows for signer in row.signers]
    events = [event.kind for row in rows for event in events_of(session, row.evidence_subject)]
    good = sum(judge_pdf(queries.document(session, row), held).ok for row in rows)
    yield Count("… signataires signés en base", signers.count(SignerState.SIGNED), 5 * conventions)
    yield Count("… événements « signed » au journal", events.count("signed"), 5 * conventions)
    yield Count("… conventions complètes", sum(row.state == "complete" for row in rows), conventions)
    yield Count("… PDF à cinq actes vérifiés", good, conventions)
    yield Count("… pfmp audit (code de sortie)", _audit(bench), 0)


def _audit(bench: Bench) -> int:
    env = {**os.environ, "PFMP_DATABASE_URL": bench.settings.database_url}
    done = subprocess.run(
        [sys.executable, "-m", "pfmp_saas.cli.main", "audit"],
        cwd=TOP,
        env=env,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout.decode()[-2000:], done.stderr.decode()[-500:])
    return done.returncode
