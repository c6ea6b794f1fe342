"""`pfmp bench evidence`: processor time of one act of signing, of a verification, of an audit; peers beside them."""

import base64
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from pfmp_saas.cli.bench_audit import audit_seconds
from pfmp_saas.cli.demo_seed import seed
from pfmp_saas.cli.errors import BadInput
from pfmp_saas.cli.migrate import upgrade
from pfmp_saas.conventions import caps
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import MailSettings, Settings
from pfmp_saas.documents.sealing.authority import Issuer, SignerIdentity, issue_signer, make_root
from pfmp_saas.documents.sealing.peer import sign_plainly, verify_plainly
from pfmp_saas.documents.sealing.sign import frozen_revision, sign_field
from pfmp_saas.documents.sealing.values import Appearance
from pfmp_saas.evidence.use_cases import authority
from pfmp_saas.evidence.verify import verify_pdf
from pfmp_saas.signing import queries, texts
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.models import Establishment

_DATABASE = "bench"
_PAST = timedelta(days=90)


@dataclass(frozen=True)
class Figure:
    """One measure: ``value`` and ``limit`` in ``unit``; a peer's has no limit."""

    name: str
    value: float
    unit: str = "ms"
    limit: float | None = None

    @property
    def good(self) -> bool:
        """Tell whether the limit, if any, is kept."""
        return self.limit is None or self.value <= self.limit


@dataclass(frozen=True)
class Bench:
    """Where the measures run: a database of its own, a root, a school."""

    session: Session
    settings: Settings
    root: Issuer
    tenant: Any
    owner_url: str


@click.command()
@click.option("--acts", default=50, show_default=True, help="Nombre d’actes de signature mesurés.")
@click.option("--events", default=1_000_000, show_default=True, help="Longueur du journal audité.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def evidence(acts: int, events: int, *, as_json: bool) -> int:
    """Mesurer la signature, la vérification et l’audit (temps de processeur)."""
    with _place() as bench:
        request, act, storage = _acts(bench, max(5, acts))
        pdf = queries.document(bench.session, request)
        figures = [
            act,
            storage,
            *_signatures(bench, pdf),
            *_verifications(bench, pdf),
            _audited(bench, max(1, events)),
        ]
    _tell(figures, as_json=as_json)
    return 0 if all(figure.good for figure in figures) else 1


@contextmanager
def _place() -> Iterator[Bench]:
    try:
        services = import_module("pfmp_saas.cli.services")  # its servers are development dependencies
    except ImportError as error:
        raise BadInput("la mesure demande les dépendances de développement (make install)") from error
    with tempfile.TemporaryDirectory() as directory, services.Postgres() as server:
        server.create_database(_DATABASE)
        upgrade(server.owner_url(_DATABASE))
        settings = _settings(server.app_url(_DATABASE), Path(directory))
        metadata()
        root = make_root("Racine de mesure", datetime.now(UTC) - _PAST)
        seed(settings, root, datetime.now(UTC))
        engine = create_engine(settings.database_url)
        with Session(engine, expire_on_commit=False) as session:
            tenant = session.scalars(select(Establishment).order_by(Establishment.uai)).all()
            school = next(each.id for each in tenant if _has_draft(session, each))
            session.rollback()
            enter_tenant(session, school)
            yield Bench(session, settings, root, school, server.owner_url(_DATABASE))
        engine.dispose()


def _settings(url: str, directory: Path) -> Settings:
    return Settings(
        database_url=url,
        redis_url="redis://127.0.0.1:1/0",
        secret_key=base64.b64encode(bytes(48)).decode(),
        key_encryption_key=bytes(32),
        base_url="http://pfmp.example",
        mail=MailSettings("127.0.0.1", 25, "pfmp@pfmp.example"),
        demo_mails=directory,
    )


def _has_draft(session: Session, school: Establishment) -> bool:
    session.rollback()
    enter_tenant(session, school.id)
    return session.scalars(select(Convention).where(Convention.state == "draft")).first() is not None


def _acts(bench: Bench, wanted: int) -> tuple[SignatureRequest, Figure, Figure]:
    """Sign ``wanted`` times or a little more, five a convention, each act its own transaction."""
    ours, theirs = [], []
    done = 0
    while done < wanted:
        request = _sent(bench)
        for signer in list(request.signers):
            server = _server_seconds(bench.session)
            start = time.process_time()
            _sign(bench, request.frozen_hash, signer.id)
            ours.append(time.process_time() - start)
            theirs.append(_server_seconds(bench.session) - server)
            done += 1
    return (
        request,
        Figure("un acte : verrou, événement, PAdES, stockage", _median(ours), limit=12),
        Figure("… et le processus PostgreSQL, en plus (moyenne)", 1000 * statistics.fmean(theirs)),
    )


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
        Figure("la signature PDF seule, certificat compris", _time(ours), limit=7),
        Figure(
            "… pyHanko appelé comme d’ordinaire",
            _time(lambda: sign_plainly(frozen, "tutor", issuer, who, now)),
        ),
    ]


def _verifications(bench: Bench, final: bytes) -> list[Figure]:
    root, now = bench.root.certificate_pem, datetime.now(UTC)
    if not verify_pdf(final, trust=[root.encode()], now=now).ok:
        raise BadInput("le document mesuré ne se vérifie pas")
    return [
        Figure(
            "vérifier un PDF à cinq signatures",
            _time(lambda: verify_pdf(final, trust=[root.encode()], now=now)),
            limit=60,
        ),
        Figure("… pyHanko appelé comme d’ordinaire", _time(lambda: verify_plainly(final, root, now), 5)),
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


def _time(work: Callable[[], object], repeats: int = 25) -> float:
    """Return the median processor time in milliseconds, the first run left out."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return _median(taken)


def _median(seconds: list[float]) -> float:
    return 1000 * statistics.median(seconds)


def _tell(figures: list[Figure], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {"name": f.name, "value": f.value, "unit": f.unit, "limit": f.limit, "ok": f.good}
            for f in figures
        ]
        click.echo(json.dumps({"ok": all(f.good for f in figures), "figures": rows}, ensure_ascii=False))
        return
    for figure in figures:
        limit = f"(au plus {figure.limit:g})" if figure.limit else ""
        mark = "" if figure.good else "  TROP"
        click.echo(f"{figure.name:58} {figure.value:9.2f} {figure.unit} {limit}{mark}")
