"""`pfmp bench evidence`: processor time of one act of signing, of a verification, of an audit; peers beside them."""

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from pfmp_saas.bench.audit import audit_seconds
from pfmp_saas.bench.ground import Bench, Figure, median, milliseconds, school_at_work, tell
from pfmp_saas.conventions import caps
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.documents.sealing.authority import SignerIdentity, issue_signer
from pfmp_saas.documents.sealing.peer import sign_plainly, verify_plainly
from pfmp_saas.documents.sealing.sign import frozen_revision, sign_field
from pfmp_saas.documents.sealing.values import Appearance
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
    with school_at_work() as bench:
        request, costs = _acts(bench, max(5, acts))
        pdf = queries.document(bench.session, request)
        figures = [
            *costs,
            *_signatures(bench, pdf),
            *_verifications(bench, pdf),
            _audited(bench, max(1, events)),
        ]
    return tell(figures, as_json=as_json)


def _acts(bench: Bench, wanted: int) -> tuple[SignatureRequest, list[Figure]]:
    """Sign ``wanted`` times or a little more, each act its own transaction, after a first convention to warm up."""
    request = _sent(bench)
    _five(bench, request)
    ours, theirs = list[float](), list[float]()
    while len(ours) < wanted:
        request = _sent(bench)
        server = _server_seconds(bench.session)
        ours += _five(bench, request)
        theirs.append((_server_seconds(bench.session) - server) / len(request.signers))
    mine, more = median(ours), 1000 * statistics.fmean(theirs)
    return request, [
        Figure("un acte : verrou, événement, PAdES, stockage", mine, limit=12),
        Figure("… le processus PostgreSQL, en plus (moyenne)", more),
        Figure("… les deux ensemble", mine + more, limit=12),
    ]


def _five(bench: Bench, request: SignatureRequest) -> list[float]:
    """Have every signer of a convention sign; return the processor seconds of each act."""
    taken = []
    for signer in list(request.signers):
        start = time.process_time()
        _sign(bench, request.frozen_hash, signer.id)
        taken.append(time.process_time() - start)
    return taken


def _sent(bench: Bench) -> SignatureRequest:
    """Send one more copy of the demonstration's draft."""
    session, now = bench.session, datetime.now(UTC)
    model = session.scalars(select(Convention).where(Convention.state == "draft")).first()
    if model is None:
        raise BadInput("la démonstration n’a pas de brouillon à signer")
    row = conventions.create_draft(session, student_id=model.student_id, created_by=None, now=now)
    row.data = model.data
    session.flush()
    kept = bench.settings
    conventions.send(session, row.id, kek=kept.key_encryption_key, base_url=kept.base_url, now=now)
    caps.release(session, row)  # the next copy is for the same pupil, the same days
    request = session.get_one(SignatureRequest, row.request_id)
    list(request.signers)
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
        now=datetime.now(UTC),
    )
    _commit(bench)


def _commit(bench: Bench) -> None:
    bench.session.commit()
    enter_tenant(bench.session, bench.tenant)


def _server_seconds(session: Session) -> float:
    """Return the processor time of the connection's own server process, where the system tells it."""
    process = session.scalar(text("select pg_backend_pid()"))
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100


def _signatures(bench: Bench, final: bytes) -> list[Figure]:
    """Sign the last empty field of a real convention, ours and pyHanko's in turn."""
    issuer, now = authority(bench.session, bench.settings.key_encryption_key), datetime.now(UTC)
    frozen = frozen_revision(final)
    who = SignerIdentity("Françoise Nguyễn", "Tuteur", "Lycée", "0000000A")
    look = Appearance(who.name, who.capacity, "23/11/2026 à 10:30", "0123456789abcdef")

    def ours() -> None:
        sign_field(frozen, "tutor", issue_signer(issuer, who, now), now=now, appearance=look)

    return [
        Figure("la signature PDF seule, certificat compris", milliseconds(ours), limit=7),
        Figure(
            "… pyHanko appelé comme d’ordinaire",
            milliseconds(lambda: sign_plainly(frozen, "tutor", issuer, who, now)),
        ),
    ]


def _verifications(bench: Bench, final: bytes) -> list[Figure]:
    root, now = bench.root.certificate_pem, datetime.now(UTC)
    if not verify_pdf(final, trust=[root.encode()], now=now).ok:
        raise BadInput("le document mesuré ne se vérifie pas")
    return [
        Figure(
            "vérifier un PDF à cinq signatures",
            milliseconds(lambda: verify_pdf(final, trust=[root.encode()], now=now)),
            limit=60,
        ),
        Figure(
            "… pyHanko appelé comme d’ordinaire", milliseconds(lambda: verify_plainly(final, root, now), 5)
        ),
    ]


def _audited(bench: Bench, events: int) -> Figure:
    """Audit a log of so many events; both processes' time, brought to a million."""

    def settle() -> None:
        engine = create_engine(bench.owner_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("vacuum analyze"))
        engine.dispose()

    taken = audit_seconds(bench.session, events, _server_seconds, settle)
    name = "auditer 1 000 000 d’événements, PostgreSQL compris"
    if events != 1_000_000:
        name += f" (mesuré sur {events})"
    return Figure(name, taken * 1_000_000 / events, "s", limit=90)
