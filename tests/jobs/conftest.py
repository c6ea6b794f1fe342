"""What the tests of the worker share: servers of mail, an emptied queue, things due."""

import uuid
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from redis import Redis
from sqlalchemy import select, text

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import mail
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.use_cases import schedule as schedule_due
from pfmp_saas.demo.services import MailCatcher, free_port
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW
from tests.support.pages import UAI
from tests.support.processes import DAYS
from tests.support.worked_school import School


class Refusing:
    """A real SMTP server that answers each recipient with the code set."""

    code = "550 5.1.1 unknown user"

    async def answer(self, _server, _session, envelope, address, _options):
        if self.code.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.code


@pytest.fixture
def server():
    handler = Refusing()
    hooks = SimpleNamespace(handle_RCPT=handler.answer)
    controller = Controller(hooks, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def worker(seeded, server):
    """The worker's clock, in a list that a test may move; the worker sends to the refusing server."""
    moment = [NOW]
    settings = replace(seeded, mail=replace(seeded.mail, host="127.0.0.1", port=server.port))
    configure(settings, lambda: moment[0])
    return moment


@pytest.fixture
def letter(session_factory, seeded):
    """The tenant and one mail to send."""
    with session_factory.begin() as session:
        tenant = by_uai(session, UAI).id
        enter_tenant(session, tenant)
        session.execute(text("update outgoing_mails set state = 'done'"))
        row = mail.send(
            session,
            MailKind.WELCOME,
            ("Ana", "ana@x.example"),
            subject_id=uuid.uuid4(),
            occurrence="1",
            school="Lycée",
            url="https://x.example/entree/a",
        )
        session.flush()
        return str(tenant), str(row.id)


@pytest.fixture
def redis(valkey):
    """The tests' Valkey, emptied."""
    connection = Redis.from_url(valkey.url)
    connection.flushall()
    return connection


@pytest.fixture
def mails(tmp_path):
    catcher = MailCatcher(tmp_path / "mails")
    yield catcher
    catcher.stop()


@pytest.fixture
def tenant(seeded, session_factory, redis, operator):
    """The demonstration's school with one convention sent, no other mail to send, and three reminders due."""
    now = utc_now()
    with operator.begin() as connection:
        connection.execute(text("delete from due_items"))
        connection.execute(text("update outbox_events set state = 'done'"))  # the other schools' too
    with session_factory.begin() as session:
        tenant = by_uai(session, UAI).id
        enter_tenant(session, tenant)
        row = session.scalars(select(Convention).where(Convention.state == "draft")).first()
        conventions.send(session, row.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=now)
        session.execute(text("update outbox_events set state = 'done'"))
        session.execute(text("update outgoing_mails set state = 'done'"))
        for day in DAYS:
            schedule_due(
                session, DueKind.UNSIGNED, row.request_id, f"day-{day}", due_at=now - timedelta(hours=1)
            )
        return tenant


@pytest.fixture
def school(seeded, session_factory, redis, mails):
    """A school with one convention sent, and its worker."""
    return School(seeded, session_factory, mails)
