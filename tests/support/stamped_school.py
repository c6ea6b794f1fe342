"""A school under an authority of timestamps that may be stopped, and a convention sent to its signers."""

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.settings import Settings
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evidence.verify import ReaderInput, judge_pdf
from pfmp_saas.evidence.verify.report import Report
from pfmp_saas.jobs import work
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.signing import queries, texts, use_cases
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW
from tests.support.pages import UAI
from tests.support.tsa import Tsa

KINDS = ("seal", "close")


class Place:
    """A school whose authority of timestamps may be stopped, and a convention sent while it was configured."""

    def __init__(self, settings: Settings, sessions: sessionmaker[Session], tsa: Tsa) -> None:
        self.settings, self.sessions, self.tsa = settings, sessions, tsa
        self.now = NOW
        configure(settings, lambda: self.now)
        with sessions.begin() as session:
            self.tenant = by_uai(session, UAI).id
            enter_tenant(session, self.tenant)
            row = session.scalars(select(Convention).where(Convention.state == "draft")).one()
            conventions.send(
                session,
                row.id,
                kek=settings.key_encryption_key,
                base_url=settings.base_url,
                now=self.now,
                timestamped=settings.tsa_url is not None,
            )
            self.request_id = row.request_id

    def inside(self) -> Session:
        session = self.sessions()
        enter_tenant(session, self.tenant)
        return session

    def request(self, session: Session) -> SignatureRequest:
        return session.get_one(SignatureRequest, self.request_id)

    def signers(self) -> list[uuid.UUID]:
        with self.inside() as session:
            return [signer.id for signer in self.request(session).signers]

    def sign(self, signer_id: uuid.UUID) -> None:
        with self.sessions.begin() as session:
            enter_tenant(session, self.tenant)
            use_cases.sign(
                session,
                signer_id,
                shown_hash=self.request(session).frozen_hash,
                consent=True,
                consent_text=texts.CONSENT,
                authentication=texts.BY_LINK,
                kek=self.settings.key_encryption_key,
                now=self.now,
            )

    def due(self) -> list[uuid.UUID]:
        with self.inside() as session:
            wanted = (DueItem.kind.in_(KINDS), DueItem.to_try(self.now), DueItem.due_at <= self.now)
            return list(session.scalars(select(DueItem.id).where(*wanted).order_by(DueItem.due_at)))

    def run(self) -> None:
        """Do what the worker does, until nothing is due."""
        while items := self.due():
            for item in items:
                work.run_due(str(self.tenant), str(item))

    def state(self) -> tuple[str, int]:
        with self.inside() as session:
            request = self.request(session)
            return request.state, sum(signer.sealed_at is not None for signer in request.signers)

    def pdf(self) -> bytes:
        with self.inside() as session:
            return queries.document(session, self.request(session))

    def verdict(self) -> Report:
        assert self.settings.trust_root
        held = ReaderInput(
            self.now + timedelta(minutes=1),
            trust=(self.settings.trust_root.read_bytes(),),
            authorities=(self.tsa.root_pem,),
        )
        return judge_pdf(self.pdf(), held)
