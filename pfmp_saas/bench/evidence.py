"""`pfmp bench evidence`: processor time of one act of signing, of a verification, of an audit; peers beside them."""

import statistics
import time
from itertools import count
from typing import Any

import click
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from pfmp_saas.bench import peers, school
from pfmp_saas.bench.audit import audit_seconds
from pfmp_saas.bench.figures import Figure, Peer, median, milliseconds, tell
from pfmp_saas.bench.ground import Bench, school_at_work
from pfmp_saas.bench.processes import cpu_seconds
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.documents.sealing.authority import issue_signer
from pfmp_saas.documents.sealing.drawn import Appearance
from pfmp_saas.documents.sealing.peer import verify_plainly
from pfmp_saas.documents.sealing.sign import frozen_revision, sign_field
from pfmp_saas.evidence.use_cases import authority
from pfmp_saas.evidence.verify import verify_pdf
from pfmp_saas.signing import queries, texts
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.models import SignatureRequest


@click.command()
@click.option("--acts", default=50, show_default=True, help="Nombre d’actes de signature mesurés.")
@click.option("--events", default=1_000_000, show_default=True, help="Longueur du journal audité.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def evidence(acts: int, events: int, *, as_json: bool) -> int:
    """Mesurer la signature, la vérification et l’audit (temps de processeur)."""
    clock = peers.pyhanko()
    with school_at_work() as bench:
        clock.run()
        request, ours, theirs = _acts(bench, max(5, acts))
        clock.run()
        pdf = queries.document(bench.session, request)
        signature, verifications = _signature(bench, pdf), _verifications(bench, pdf)
        clock.run()
        taken = _audited(bench, max(1, events))
        clock.run()
    return tell(
        _figures(clock.peer, (ours, theirs, signature), verifications, taken, events), as_json=as_json
    )


def _figures(
    peer: Peer,
    act: tuple[float, float, float],
    verifications: tuple[float, float],
    audit: float,
    events: int,
) -> list[Figure]:
    """Name what was measured; an audit of fewer events is brought to a million."""
    ours, theirs, signature = act
    million = "auditer 1 000 000 d’événements, PostgreSQL compris"
    if events != 1_000_000:
        million += f" (mesuré sur {events})"
    return [
        Figure("un acte : verrou, événement, PAdES, stockage", ours, reference=10, peer=peer),
        Figure("… le processus PostgreSQL, en plus (moyenne)", theirs),
        Figure("… les deux ensemble", ours + theirs, reference=10, peer=peer),
        Figure("la signature PDF seule, certificat compris", signature, reference=4, peer=peer),
        Figure("vérifier un PDF à cinq signatures", verifications[0], reference=55, peer=peer),
        Figure("… pyHanko appelé comme d’ordinaire", verifications[1]),
        Figure(million, audit, "s", reference=60, peer=peer),
    ]


def _acts(bench: Bench, wanted: int) -> tuple[SignatureRequest, float, float]:
    """Sign ``wanted`` times or a little more, each act its own transaction, after a first convention to warm up.

    Return the last request, our median and the mean of PostgreSQL's process, in milliseconds an act.
    """
    like, ranks = school.model(bench.session).data, count()
    request = _sent(bench, like, next(ranks))
    _five(bench, request)
    ours, theirs = list[float](), list[float]()
    while len(ours) < wanted:
        request = _sent(bench, like, next(ranks))
        server = _server_seconds(bench.session)
        ours += _five(bench, request)
        theirs.append((_server_seconds(bench.session) - server) / len(request.signers))
    return request, median(ours), 1000 * statistics.fmean(theirs)


def _five(bench: Bench, request: SignatureRequest) -> list[float]:
    """Have every signer of a convention sign; return the processor seconds of each act."""
    taken = []
    for signer in list(request.signers):
        start = time.process_time()
        _sign(bench, request.frozen_hash, signer.id)
        taken.append(time.process_time() - start)
    return taken


def _sent(bench: Bench, like: school.Json, rank: int) -> SignatureRequest:
    request = school.sent(bench, like, rank, utc_now()).request
    _commit(bench)
    return request


def _sign(bench: Bench, shown: str, signer: Any) -> None:
    signing.sign(
        bench.session,
        signer,
        shown_hash=shown,
        consent=True,
        consent_text=texts.CONSENT,
        authentication=texts.BY_LINK,
        kek=bench.settings.key_encryption_key,
        now=utc_now(),
    )
    _commit(bench)


def _commit(bench: Bench) -> None:
    bench.session.commit()
    enter_tenant(bench.session, bench.tenant)


def _server_seconds(session: Session) -> float:
    """Return the processor time of the connection's own server process."""
    return cpu_seconds(session.scalar(text("select pg_backend_pid()")) or 0)


def _signature(bench: Bench, final: bytes) -> float:
    """Sign the last empty field of a real convention."""
    issuer, now = authority(bench.session, bench.settings.key_encryption_key), utc_now()
    frozen, who = frozen_revision(final), peers.SIGNER
    look = Appearance(who.name, who.capacity, "23/11/2026 à 10:30", "0123456789abcdef")
    return milliseconds(
        lambda: sign_field(frozen, "tutor", issue_signer(issuer, who, now), now=now, appearance=look)
    )


def _verifications(bench: Bench, final: bytes) -> tuple[float, float]:
    """Verify a final file, by ours and by pyHanko. Raises BadInput for a file that does not verify."""
    root, now = bench.root.certificate_pem, utc_now()
    trust = [root.encode()]
    if not verify_pdf(final, trust=trust, now=now).ok:
        raise BadInput("le document mesuré ne se vérifie pas")
    return (
        milliseconds(lambda: verify_pdf(final, trust=trust, now=now)),
        milliseconds(lambda: verify_plainly(final, root, now), 5),
    )


def _audited(bench: Bench, events: int) -> float:
    """Audit a log of so many events; return both processes' seconds, brought to a million."""

    def settle() -> None:
        engine = create_engine(bench.owner_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("vacuum analyze"))
        engine.dispose()

    return audit_seconds(bench.session, events, _server_seconds, settle) * 1_000_000 / events
