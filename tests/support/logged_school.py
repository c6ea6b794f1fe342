"""A school whose log is signed: a convention that five have signed, and the process that signs checkpoints."""

import json
import uuid
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.settings import CheckpointSettings, Settings
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.demo.services import Postgres
from pfmp_saas.evidence.checkpoint.process import CheckpointProcess
from pfmp_saas.evidence.queries import audit
from pfmp_saas.jobs import work
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.signing import texts, use_cases
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from tests.support.clock import NOW
from tests.support.databases import KEK, database_name
from tests.support.pages import UAI


class LoggedSchool:
    """A school with a convention that five have signed, and the process that signs its checkpoints."""

    def __init__(
        self,
        settings: Settings,
        sessions: sessionmaker[Session],
        postgres: Postgres,
        database: str,
        now: datetime = NOW,
    ) -> None:
        self.settings, self.sessions, self.postgres, self.database = (
            settings,
            sessions,
            postgres,
            database_name(database),
        )
        url = postgres.checkpoint_url(self.database)
        assert settings.demo_mails
        self.memory = settings.demo_mails / "memory.json"
        self.now = now
        self.process = CheckpointProcess(CheckpointSettings(url, KEK, memory=self.memory), lambda: self.now)
        configure(settings, lambda: self.now)

    def inside(self) -> Session:
        session = self.sessions()
        enter_tenant(session, self.tenant)
        return session

    @property
    def tenant(self) -> uuid.UUID:
        with self.sessions() as session:
            return by_uai(session, UAI).id

    def signed(self) -> uuid.UUID:
        """Send the draft and let the five sign; return the request's identifier."""
        around = Around(self.settings.base_url, self.now)
        with self.inside() as session:
            row = session.scalars(select(Convention).where(Convention.state == "draft")).one()
            conventions.send(session, row.id, kek=KEK, base_url=self.settings.base_url, now=self.now)
            request = session.get_one(SignatureRequest, row.request_id)
            for signer in request.signers:
                use_cases.sign(
                    session, signer.id, shown_hash=request.frozen_hash, consent=True, consent_text=texts.CONSENT,
                    authentication=texts.BY_LINK, kek=KEK, now=self.now,
                )  # fmt: skip
            react(session, around)
            session.commit()
            return request.id

    def tick(self) -> list[OutgoingMail]:
        """Do what is due of the copies; return the mails that they wrote."""
        with self.inside() as session:
            waiting = (
                DueItem.kind == DueKind.COPIES,
                DueItem.to_try(self.now),
                DueItem.due_at <= self.now,
            )
            due = list(session.scalars(select(DueItem.id).where(*waiting)))
        for item in due:
            work.run_due(str(self.tenant), str(item))
        with self.inside() as session:
            mails = select(OutgoingMail).where(OutgoingMail.kind == "convention-signed")
            return list(session.scalars(mails.order_by(OutgoingMail.created_at)))

    def audit(self, *outside: Any) -> set[str]:
        with self.inside() as session:
            return {fault.code for fault in audit(session, self.now, outside=outside).faults}

    def newest(self) -> str:
        self.process.round()
        memory = json.loads(self.memory.read_text(encoding="utf-8"))
        return next(str(text) for text in memory.values() if UAI in text)

    def admin(self) -> psycopg.Connection[Any]:
        return self.postgres.admin(self.database)
