"""What the tests of the core share: a piece of work never tried, a database of an earlier schema with rows in it."""

import ssl
import uuid
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from alembic import command
from alembic.config import Config
from sqlalchemy import (
    create_engine,
    text,
)
from sqlalchemy.orm import sessionmaker

from pfmp_saas.core.migrations import MIGRATIONS
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.core.retries import WorkState
from pfmp_saas.core.settings import MailSettings
from pfmp_saas.demo.services import free_port
from tests.support.clock import NOW
from tests.support.mail_servers import Kept

SCHOOL = uuid.UUID(int=1)
ROWS = (
    (
        "insert into outbox_events (id, tenant_id, kind, subject_id, payload, attempts, handled_at) "
        "select gen_random_uuid(), :school, kind, gen_random_uuid(), '{}', n, at from "
        "(values ('handled', 0, cast(:now as timestamptz)), ('poison', 500, null)) as t (kind, n, at)"
    ),
    (
        "insert into due_items (id, tenant_id, kind, subject_id, occurrence, due_at, state, payload) "
        "select gen_random_uuid(), :school, state, gen_random_uuid(), '1', :now, state, cast(payload as jsonb) from "
        """(values ('waiting', '{"what": "x"}'), ('failed', '{"attempts": 14, "last_error": "why"}')) as t (state, payload)"""
    ),
    (
        "insert into outgoing_mails (id, tenant_id, kind, subject_id, occurrence, recipient, recipient_name, title, body, "
        "message_id, attempts, state, claimed_at, sent_at) select gen_random_uuid(), :school, state, gen_random_uuid(), '1', "
        "'x', 'x', 'x', 'x', 'x', 3, state, case when state <> 'pending' then cast(:now as timestamptz) end, "
        "case when state = 'sent' then cast(:now as timestamptz) end "
        "from unnest(array['pending', 'sending', 'sent', 'refused']) as state"
    ),
)


@pytest.fixture
def row():
    return OutboxEvent(state=WorkState.WAITING, attempts=0, faults=0)


@pytest.fixture
def before(postgres):
    """A database as it was before one discipline held the three, with rows: its administrator, and a way to migrate."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = postgres.owner_url(name)
    command.upgrade(config, "0018")
    admin = create_engine(postgres.owner_url(name).replace("pfmp_owner@", "postgres@"))
    with admin.begin() as connection:
        connection.execute(
            text(
                "insert into establishments (id, uai, name, territory, timezone, type_slug) "
                "values (:school, '0000000A', 'x', '21', 'Europe/Paris', 'national-2016')"
            ),
            {"school": SCHOOL},
        )
        for statement in ROWS:
            connection.execute(text(statement), {"school": SCHOOL, "now": NOW})
    yield admin, config
    admin.dispose()
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def world(postgres):
    """A database of one school where rows may be put without what they point to."""
    name = f"moves_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template="template_pfmp")
    owner, engine = create_engine(postgres._url("postgres", name)), create_engine(postgres.app_url(name))
    yield owner, sessionmaker(engine, expire_on_commit=False)
    engine.dispose()
    owner.dispose()
    postgres.drop_database(name)


@pytest.fixture
def mail_server():
    """Starts mail servers; stops them at the end."""
    started = []

    def start(file=None, way="none"):
        context = None
        if file:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(file)
        kept = Kept()
        hooks = SimpleNamespace(handle_RCPT=kept.recipient, handle_DATA=kept.content)
        options = {"hostname": "127.0.0.1", "port": free_port()}
        if way == "implicit":
            controller = Controller(hooks, ssl_context=context, **options)
        else:
            controller = Controller(
                hooks, tls_context=context, require_starttls=context is not None, **options
            )
        controller.start()
        started.append(controller)
        return kept, MailSettings("127.0.0.1", options["port"], "pfmp@pfmp.example", tls=way)

    yield start
    for controller in started:
        controller.stop(no_assert=True)
