"""Real servers for the tests: one PostgreSQL cluster, one Valkey, a fresh database from a migrated template."""

import base64
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from pfmp_saas.accounts import queries as people
from pfmp_saas.accounts.models import Account
from pfmp_saas.app import create_app
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.migrations import upgrade
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import MailSettings, Settings
from pfmp_saas.core.unit_of_work import UnitOfWork
from pfmp_saas.demo.seed import seed
from pfmp_saas.demo.services import Postgres, Valkey
from pfmp_saas.documents.sealing.authority import make_root
from pfmp_saas.portals.limits import limiter
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.workflows import flow
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from tests.support.amending import present, signed_convention
from tests.support.browser import phone, running_demo
from tests.support.clock import still
from tests.support.databases import KEK, database_name, roomy_memory
from tests.support.pages import OFFICE, UAI
from tests.support.stamped_school import Place
from tests.support.tsa import Tsa

SERVERS = {"postgres", "valkey", "demo", "page"}
"""Fixtures that start a server or a browser."""


def pytest_collection_modifyitems(items):
    """Mark the tests that need a server, by themselves or through a fixture: `make test-fast` leaves them out."""
    for item in items:
        if SERVERS & set(item.fixturenames):
            item.add_marker("servers")


flow.install()  # as every composition of the product does


@pytest.fixture(scope="session")
def postgres():
    """A cluster that does not wait for its disk: nothing of it outlives the tests."""
    with Postgres(within=roomy_memory()) as server:
        with server.admin() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"alter system set {setting} = off")
            connection.execute("alter system set max_wal_size = '256MB'")
            connection.execute("select pg_reload_conf()")
        server.create_database("template_pfmp")
        upgrade(server.owner_url("template_pfmp"))
        yield server


@pytest.fixture(scope="session")
def valkey():
    server = Valkey()
    yield server
    server.stop()


@pytest.fixture
def clock(request):
    """The test's clock: it stands still, save where real processes run beside it (``real_processes``).

    Who asks for a signed ``convention`` stands before its placement, whose days are written in the demonstration.
    """
    if request.node.get_closest_marker("real_processes"):
        return utc_now
    return present if "convention" in request.fixturenames else still


@pytest.fixture(scope="session")
def template_seeded(postgres, valkey, root, tmp_path_factory):
    """Give the name of a database seeded at a clock's present: once, for its signatures take longer than a copy."""
    made = {}

    def seeded_by(clock):
        if clock not in made:
            made[clock] = f"template_{clock.__name__}"
            postgres.create_database(made[clock], template="template_pfmp")
            url, owner = postgres.app_url(made[clock]), postgres.owner_url(made[clock])
            seed(_settings(url, valkey, root, tmp_path_factory.mktemp("seed")), owner, root, clock())
        return made[clock]

    return seeded_by


@pytest.fixture
def database(postgres, request, clock):
    """A fresh database; with the demonstration's schools for whoever asks for ``seeded``."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    wanted = "seeded" in request.fixturenames
    template = request.getfixturevalue("template_seeded")(clock) if wanted else "template_pfmp"
    postgres.create_database(name, template=template)
    yield postgres.app_url(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def root():
    """The platform's root, older than the oldest convention of the demonstration by either clock."""
    return make_root("Racine des essais", min(still(), utc_now()) - timedelta(days=90))


@pytest.fixture
def settings(database, valkey, root, tmp_path):
    return _settings(database, valkey, root, tmp_path)


def _settings(database, valkey, root, directory):
    trust = directory / "root.pem"
    trust.write_text(root.certificate_pem)
    return Settings(
        database_url=database,
        redis_url=valkey.url,
        secret_key=base64.b64encode(bytes(48)).decode(),
        key_encryption_key=KEK,
        base_url="http://pfmp.example",
        mail=MailSettings("127.0.0.1", 25, "pfmp@pfmp.example"),
        trust_root=trust,
        demo=True,
        demo_mails=directory,
    )


@pytest.fixture
def app(settings, clock):
    application = create_app(settings, clock)
    application.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
    limiter.enabled = False  # read at init_app only: the configuration would come too late
    return application


@pytest.fixture
def session_factory(database):
    metadata()
    engine = create_engine(database)
    yield sessionmaker(engine, expire_on_commit=False)
    engine.dispose()


@pytest.fixture
def seeded(settings):
    """The demonstration's three schools, already in the database."""
    return settings


@pytest.fixture(scope="module")
def demo():
    """A demonstration that runs: its address, and the directory of its state."""
    with running_demo() as running:
        yield running


@pytest.fixture
def page():
    """A phone's browser."""
    with phone() as page:
        yield page


@pytest.fixture
def db(seeded, session_factory):
    with session_factory() as session:
        enter_tenant(session, by_uai(session, UAI).id)
        yield session


@pytest.fixture
def office(app, db):
    client = app.test_client()
    client.post(f"/demo/entrer/{people.by_email(db, OFFICE).id}")
    return client


@pytest.fixture
def draft(db):
    return db.scalars(select(Convention).where(Convention.state == "draft")).one()


@pytest.fixture
def ceremony(app, seeded, session_factory, db, draft, clock):
    """A sent convention: (client, address of the head's link, its frozen hash, the signer's id)."""
    with session_factory.begin() as session:
        enter_tenant(session, draft.tenant_id)
        now = clock()
        row = conventions.send(
            session, draft.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=now
        )
        request = session.get_one(SignatureRequest, row.request_id)
        signer = request.signers[0]
        token = new_link(session, signer, now)
        return app.test_client(), f"/signer/{token}", request.frozen_hash, signer.id


@pytest.fixture
def place(seeded, session_factory, tmp_path):
    tsa = Tsa("rsa")
    (tmp_path / "tsa.pem").write_bytes(tsa.root_pem)
    with tsa.serving() as url:
        yield Place(replace(seeded, tsa_url=url, tsa_trust=tmp_path / "tsa.pem"), session_factory, tsa)


@pytest.fixture
def operator(postgres, database):
    """The database's own administrator: no policy and no grant is in the way."""
    name = database_name(database)
    engine = create_engine(postgres.owner_url(name).replace("pfmp_owner@", "postgres@"))
    yield engine
    engine.dispose()


@pytest.fixture
def signed_in(app, db):
    def enter(email):
        client = app.test_client()
        account = db.scalars(select(Account).where(Account.email == email)).one()
        assert client.post(f"/demo/entrer/{account.id}").status_code == 302
        return client

    return enter


@pytest.fixture
def hugo(db):
    return db.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()


@pytest.fixture
def convention(db, seeded, clock):
    row = signed_convention(db, seeded, clock())
    db.commit()
    return row


@pytest.fixture
def work_off(seeded, session_factory):
    """What the worker does of the outbox, when called: follow the school's events."""

    def follow(now=None):
        with UnitOfWork(session_factory) as session:
            enter_tenant(session, by_uai(session, UAI).id)
            react(session, Around(seeded.base_url, now or still()))

    return follow
