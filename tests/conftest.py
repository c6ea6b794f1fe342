"""Real servers for the tests: one PostgreSQL cluster, one Valkey, a fresh database from a migrated template."""

import base64
import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from pfmp_saas.app import create_app
from pfmp_saas.cli.demo_seed import seed
from pfmp_saas.cli.migrate import upgrade
from pfmp_saas.cli.services import Postgres, Valkey
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import MailSettings, Settings
from pfmp_saas.documents.sealing.authority import make_root
from tests.browser import phone, running_demo

KEK = bytes(range(32))


@pytest.fixture(scope="session")
def postgres():
    with Postgres() as server:
        server.create_database("template_pfmp")
        upgrade(server.owner_url("template_pfmp"))
        yield server


@pytest.fixture(scope="session")
def valkey():
    server = Valkey()
    yield server
    server.stop()


@pytest.fixture
def database(postgres):
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template="template_pfmp")
    yield postgres.app_url(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def root():
    return make_root("Racine des essais", datetime.now(UTC))


@pytest.fixture
def settings(database, valkey, root, tmp_path):
    trust = tmp_path / "root.pem"
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
        demo_mails=tmp_path,
    )


@pytest.fixture
def app(settings):
    application = create_app(settings)
    application.config.update(TESTING=False, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return application


@pytest.fixture
def session_factory(database):
    metadata()
    engine = create_engine(database)
    yield sessionmaker(engine, expire_on_commit=False)
    engine.dispose()


@pytest.fixture
def seeded(settings, root):
    """The demonstration's three schools."""
    seed(settings, root, datetime.now(UTC))
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
