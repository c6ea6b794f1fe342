"""A school whose worker runs in the test's own process, by the real tick and the real queue, with a clock that moves."""

import email
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.policy import default
from typing import TypeVar

import rq
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import Identified, enter_tenant
from pfmp_saas.core.queue import MAIL_QUEUE, connect, queue
from pfmp_saas.core.retries import Retried
from pfmp_saas.core.settings import Settings
from pfmp_saas.demo.services import MailCatcher
from pfmp_saas.jobs import tick as ticks
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW
from tests.support.pages import UAI

Row = TypeVar("Row", bound=Retried)


class School:
    """A school with one convention sent, a worker with a clock that moves, and a mail server that takes everything."""

    def __init__(self, settings: Settings, sessions: sessionmaker[Session], catcher: MailCatcher) -> None:
        self.sessions, self.catcher, self.now = sessions, catcher, NOW
        self.settings = replace(settings, mail=replace(settings.mail, port=catcher.port))
        configure(self.settings, lambda: self.now)
        connect(self.settings).flushall()
        with sessions.begin() as session:
            self.tenant = by_uai(session, UAI).id
            enter_tenant(session, self.tenant)
            session.execute(text("update due_items set state = 'cancelled'"))
            row = session.scalars(select(Convention).where(Convention.state == "draft")).one()
            conventions.send(
                session, row.id, kek=settings.key_encryption_key, base_url=settings.base_url, now=NOW
            )
            self.request = row.request_id
            self.signer = session.get_one(SignatureRequest, row.request_id).signers[0].id
            session.execute(text("update outbox_events set state = 'done'"))
            session.execute(text("update outgoing_mails set state = 'done'"))

    def inside(self) -> Session:
        session = self.sessions()
        enter_tenant(session, self.tenant)
        return session

    def add(self, make: Callable[[Session], Identified]) -> uuid.UUID:
        """Write a row; return its identifier."""
        with self.inside() as session:
            row = make(session)
            session.add(row)
            session.commit()
            return row.id

    def round(self) -> None:
        """One tick, and all the jobs that it put in the queue, in this process."""
        ticks.tick()
        queues = [queue(self.settings), queue(self.settings, MAIL_QUEUE)]
        worker = rq.SimpleWorker(queues, connection=connect(self.settings))
        worker.work(burst=True, logging_level="CRITICAL")

    def long_time(self, rounds: int) -> None:
        """A round every seven hours: longer than any wait between two tries."""
        for _ in range(rounds):
            self.round()
            self.now += timedelta(hours=7)

    def row(self, model: type[Row], row_id: uuid.UUID) -> Row:
        with self.inside() as session:
            return session.get_one(model, row_id)

    def repair(self, statement: str, **values: object) -> None:
        with self.inside() as session:
            session.execute(text(statement), values)
            session.commit()

    def subjects(self) -> list[str]:
        """The subjects of the mails that arrived."""
        files = self.catcher.directory.glob("*.eml")
        return [
            email.message_from_bytes(file.read_bytes(), policy=default)["Subject"].strip() for file in files
        ]
