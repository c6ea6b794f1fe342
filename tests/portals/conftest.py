"""What the tests of portals share: the guarded application, one object of every kind, many to sign."""

import io
import json
import logging
import os
import signal
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sentry_sdk
from redis import Redis
from sentry_sdk.transport import Transport
from sqlalchemy import select, update

from pfmp_saas.accidents import use_cases as accident_use_cases
from pfmp_saas.accidents.models import Accident
from pfmp_saas.accounts import queries as people
from pfmp_saas.accounts import totp
from pfmp_saas.accounts.models import AccountTotp, Delegation
from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.app import create_app
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attestation_use_cases
from pfmp_saas.campaigns.models import Campaign, Sending
from pfmp_saas.conventions.hosts import use_cases as hosts
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import logs, observer
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.unit_of_work import UnitOfWork
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import claim
from pfmp_saas.demo.services import Valkey
from pfmp_saas.difficulties import use_cases as difficulties
from pfmp_saas.difficulties.states import DifficultyKind
from pfmp_saas.documents.images import checked_logo
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.portals.limits import limiter
from pfmp_saas.roster.imports import use_cases as imports
from pfmp_saas.roster.reading.files import Source
from pfmp_saas.signing.links import FILE_OPEN, new_link
from pfmp_saas.signing.models import PaperSignature, Signer, SignerRemark, SigningBatch, SigningLink
from pfmp_saas.signing.queries import request_of
from pfmp_saas.signing.states import RemarkKind, RemarkState, RequestState, SignerState
from pfmp_saas.signing.texts import CONSENT_MANY
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.types.revisions import edits
from pfmp_saas.types.revisions import use_cases as revisions
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import do_due
from tests.support.clock import NOW, TODAY, still
from tests.support.copies import MANY, send_copies
from tests.support.databases import KEK
from tests.support.hurt import TOLD
from tests.support.pages import HEAD, HOST, UAI
from tests.support.pictures import png


@pytest.fixture
def guarded(app, settings, seeded, valkey):
    """The application as production runs it: CSRF and rate limits on."""
    Redis.from_url(valkey.url).flushall()
    limiter.enabled = True  # before: what counts failures is installed with the application
    application = create_app(settings, still)
    yield application
    limiter.enabled = False


@pytest.fixture
def world(seeded, session_factory):
    """Our school with one object of every kind around Hugo Morel's signed convention."""
    with session_factory.begin() as session:
        enter_tenant(session, by_uai(session, UAI).id)
        hugo = session.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()
        now = NOW
        student = people.by_email(session, "hugo.morel@eleve.example")
        accident_use_cases.record_accident(
            session,
            hugo.id,
            accident_use_cases.Facts(now - timedelta(days=2), now - timedelta(days=2), "Atelier", "Chute"),
            accident_use_cases.Teller(student.id, "school"),
            now,
        )
        difficulties.tell(
            session, hugo.id, DifficultyKind.ABSENCE, "Absent", told_as="student", told_by=student.id, now=now
        )
        attestation = attestations.of_convention(session, hugo.id)
        attestation_use_cases.prepare(
            session, attestation.id, effective_days=15, gratification=0, place="Dijon",
            today=TODAY, kek=seeded.key_encryption_key,
            base_url=seeded.base_url, now=now,
        )  # fmt: skip
        wish = amendments.Wish("change", "Accord", None, {"activities": ["Autre chose"]})
        amendment = amendments.open_draft(session, hugo.id, wish, created_by=None)
        amendments.send(
            session, amendment.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=now
        )
        draft = revisions.derive(session, "national-2016", None)
        revisions.change(session, draft.id, edits.letterhead((), checked_logo(png(4, 3))))
        head = people.by_email(session, "proviseure@lp-eiffel.example")
        session.add(
            SigningBatch(
                tenant_id=hugo.tenant_id, account_id=head.id, consent_text=CONSENT_MANY, opened_at=now
            )
        )
        session.add(
            Delegation(
                tenant_id=hugo.tenant_id, deputy_id=head.id, deputy_name="x", scope="convention", starts_on=TODAY,
                ends_on=TODAY, reference="x", given_by=head.id, given_at=now,
            )
        )  # fmt: skip
        campaign = Campaign(
            tenant_id=hugo.tenant_id, title="PFMP", class_name=hugo.class_name, periods=hugo.data["periods"],
            starts_on=hugo.starts_on, ends_on=hugo.ends_on, hours={}, common={},
        )  # fmt: skip
        session.add(campaign)
        sources = [Source("liste.csv", b"nom;prenom;date de naissance\nNeuf;Ana;12/01/2010\nFaux;Ana;\n")]
        known = hosts.save(session, None, {"siret": "55208131766522", "name": "Atelier"}, {}, now)
        hosts.declare(session, known.id, {"sent_on": TODAY, "courses": ["Tôlerie"], "works": ["28"]})
        imports.keep(session, sources, by=head.id, today=TODAY, now=now)
        session.add(Sending(tenant_id=hugo.tenant_id, account_id=head.id, on_paper=False, opened_at=now))
        signing = request_of(session, "convention", hugo.id)
        session.add(
            PaperSignature(
                tenant_id=hugo.tenant_id, signer_id=signing.signers[0].id, request_id=signing.id,
                signed_on=TODAY, scan_id=signing.file_id, scan_sha256="0" * 64, voucher_id=head.id,
                voucher_name="x", voucher_email="x", voucher_capacity="x", vouched_at=now,
            )
        )  # fmt: skip
        session.add(
            SignerRemark(
                tenant_id=hugo.tenant_id, signer_id=signing.signers[0].id, kind=RemarkKind.SPELLING, about="Moreau",
                words="", told_at=now, state=RemarkState.OPEN,
            )
        )  # fmt: skip
        session.add(
            Evaluation(
                tenant_id=hugo.tenant_id,
                convention_id=hugo.id,
                student_account_id=student.id,
                answers={},
                sent_at=now,
            )
        )
    return session_factory


@pytest.fixture
def at(draft):
    """The address of the draft's page."""
    return f"/ecole/{UAI}/conventions/{draft.id}"


@pytest.fixture
def many(seeded, session_factory, draft):
    send_copies(session_factory, seeded, draft, MANY)


@pytest.fixture
def head(app, db):
    client = app.test_client()
    client.post(f"/demo/entrer/{people.by_email(db, HEAD).id}")
    return client


@pytest.fixture
def told(monkeypatch):
    """What this process logs and what it tells its observer, both in full."""
    stream, told_outside = io.StringIO(), []
    before = logging.getLogger().handlers[:], logging.getLogger().level

    class Caught(Transport):
        """A transport that keeps each envelope as the bytes that would leave."""

        def capture_envelope(self, envelope):
            told_outside.append(envelope.serialize())

    def start(**options):
        observer.start("http://cle@127.0.0.1:1/1", transport=Caught, **options)

    logs.configure("DEBUG", stream)
    start()
    yield SimpleNamespace(
        lines=lambda: [json.loads(line) for line in stream.getvalue().splitlines()],
        text=stream.getvalue, outside=told_outside, start=start,
    )  # fmt: skip
    sentry_sdk.get_global_scope().set_client(None)
    logging.getLogger().handlers[:], logging.getLogger().level = before


@pytest.fixture
def own_valkey():
    """A Valkey that the test may hurt."""
    server = Valkey()
    yield server
    process = server._server._process
    if process.poll() is None:
        os.kill(process.pid, signal.SIGCONT)
        server.stop()


@pytest.fixture
def hurt(settings, seeded, own_valkey):
    """The application over that Valkey, limits on."""
    limiter.enabled = True
    application = create_app(replace(settings, redis_url=own_valkey.url), still)
    application.config["WTF_CSRF_ENABLED"] = False
    yield application
    limiter.enabled = False


@pytest.fixture
def links(session_factory, seeded):
    """Links of several people who are asked to sign."""
    with session_factory.begin() as session:
        enter_tenant(session, by_uai(session, UAI).id)
        asked = session.scalars(select(Signer).where(Signer.state == SignerState.INVITED).limit(3))
        return [new_link(session, signer, NOW) for signer in asked]


@pytest.fixture
def old(db, hugo):
    """The link of a tutor who signed four months ago, and the signer."""
    signer = db.scalars(
        select(Signer).where(Signer.request_id == hugo.request_id, Signer.field == "tutor")
    ).one()
    token = new_link(db, signer, NOW)
    signer.signed_at = NOW - FILE_OPEN - timedelta(days=1)
    for link in db.scalars(select(SigningLink).where(SigningLink.signer_id == signer.id)):
        link.expires_at = NOW - timedelta(seconds=1)
    db.commit()
    return token, signer


@pytest.fixture
def application(db):
    """The head has an application."""
    row = totp.begin(db, people.by_email(db, HEAD).id, KEK, NOW)
    db.execute(update(AccountTotp).where(AccountTotp.id == row.id).values(confirmed_at=NOW))
    db.commit()


@pytest.fixture
def due(db, session_factory, seeded):
    """Do the one waiting thing of a kind at its hour, as the worker; return that hour."""

    def done(kind):
        db.rollback()
        (item,) = db.scalars(select(DueItem).where(DueItem.kind == kind, DueItem.state == "waiting"))
        with UnitOfWork(session_factory, item.tenant_id) as session:
            do_due(session, claim(session, item.id, item.due_at), Around(seeded.base_url, item.due_at))
        return item.due_at

    return done


@pytest.fixture
def good(db, seeded):
    """A link that signs, its holder being asked."""
    asked = select(Signer).join(Signer.request).where(Signer.state == SignerState.INVITED)
    token = new_link(db, db.scalars(asked.where(Signer.request.has(state=RequestState.OPEN))).first(), NOW)
    db.commit()
    return token


@pytest.fixture
def recorded(signed_in, hugo, db):
    """An accident that the host recorded, and the address of its file in the host's space."""
    host = signed_in(HOST)
    at = f"/entreprise/{UAI}/conventions/{hugo.id}"
    assert host.post(f"{at}/accident", data=TOLD).status_code == 302
    db.rollback()
    row = db.scalars(select(Accident).where(Accident.place == TOLD["place"])).one()
    return host, row, f"{at}/accidents/{row.id}"
