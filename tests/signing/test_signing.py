"""Signing on real connections: nothing lost, nothing signed twice, and the audit sees every touched row."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, select, text

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import Conflict, DomainError
from pfmp_saas.core.schema import metadata
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.verify import verify_pdf
from pfmp_saas.signing import queries, texts, use_cases
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.models import Establishment
from tests.support.clock import NOW
from tests.support.databases import database_name
from tests.support.pages import UAI

PAST = 21  # the demonstration’s own events in that school, before a test begins


def _signers(session_factory, sent):
    with session_factory() as session:
        enter_tenant(session, sent[0])
        request = session.get_one(SignatureRequest, sent[1])
        return request.frozen_hash, [signer.id for signer in request.signers]


def _sign(seeded, session_factory, tenant, signer_id, shown, **changes):
    values = {
        "shown_hash": shown, "consent": True, "consent_text": texts.CONSENT, "authentication": texts.BY_LINK,
        "kek": seeded.key_encryption_key, "now": NOW,
    }  # fmt: skip
    with session_factory.begin() as session:
        enter_tenant(session, tenant)
        use_cases.sign(session, signer_id, **{**values, **changes})


def _sign_all(seeded, session_factory, sent):
    shown, signers = _signers(session_factory, sent)
    barrier = threading.Barrier(len(signers))

    def one(signer_id):
        barrier.wait()
        _sign(seeded, session_factory, sent[0], signer_id, shown)

    with ThreadPoolExecutor(len(signers)) as threads:
        list(threads.map(one, signers))


def _audit(session_factory, tenant):
    with session_factory() as session:
        enter_tenant(session, tenant)
        return audit(session, NOW)


def test_five_signers_at_the_same_instant_lose_nothing(seeded, session_factory, sent, root):
    _sign_all(seeded, session_factory, sent)
    with session_factory() as session:
        enter_tenant(session, sent[0])
        request = session.get_one(SignatureRequest, sent[1])
        pdf = queries.document(session, request)
        assert request.state == "complete"
    report = verify_pdf(pdf, trust=[root.certificate_pem.encode()], now=NOW)
    assert (report.ok, len(report.signers)) == (True, 5), report.failed()
    found = _audit(session_factory, sent[0])
    assert (found.events, found.faults) == (PAST + 7, ())  # frozen, five signed, finished


def test_a_signer_signs_once_with_consent_and_the_document_that_was_shown(seeded, session_factory, sent):
    shown, signers = _signers(session_factory, sent)
    with pytest.raises(Conflict):
        _sign(seeded, session_factory, sent[0], signers[0], "0" * 64)
    with pytest.raises(DomainError):
        _sign(seeded, session_factory, sent[0], signers[0], shown, consent=False)
    assert _audit(session_factory, sent[0]).events == PAST + 1
    _sign(seeded, session_factory, sent[0], signers[0], shown)
    with pytest.raises(Conflict):
        _sign(seeded, session_factory, sent[0], signers[0], shown)
    assert _audit(session_factory, sent[0]).events == PAST + 2


def _admin(postgres, database):
    return postgres.admin(database_name(database))


TOUCHES = {
    "subject": "update evidence_events set subject = 'convention:autre' where sequence = 3 and subject = '{subject}'",
    "sequence": "update evidence_events set sequence = 30 where sequence = 3 and subject = '{subject}'",
    "kind": "update evidence_events set kind = 'refused' where sequence = 3 and subject = '{subject}'",
    "at": "update evidence_events set at = at + interval '1 second' where sequence = 3 and subject = '{subject}'",
    "previous_hash": "update evidence_events set previous_hash = repeat('0', 64) where sequence = 3 and subject = '{subject}'",
    "hash": "update evidence_events set hash = repeat('0', 64) where sequence = 3 and subject = '{subject}'",
    "canonical": "update evidence_events set canonical = replace(canonical, 'signed', 'frozen') where sequence = 3 and subject = '{subject}'",
    "tenant_id": "update evidence_events set tenant_id = (select id from establishments where uai <> '0211033J' limit 1) where sequence = 3 and subject = '{subject}'",
    "deleted": "delete from evidence_salts where event_id in (select id from evidence_events where sequence = 3 and subject = '{subject}'); delete from evidence_events where sequence = 3 and subject = '{subject}'",
    "last deleted": "delete from evidence_salts where event_id in (select id from evidence_events where sequence = 7 and subject = '{subject}'); delete from evidence_events where sequence = 7 and subject = '{subject}'",
    "swapped": "update evidence_events set sequence = 99 where sequence = 3 and subject = '{subject}'; update evidence_events set sequence = 3 where sequence = 4 and subject = '{subject}'; update evidence_events set sequence = 4 where sequence = 99",
}


@pytest.mark.attack
@pytest.mark.parametrize("touch", TOUCHES)
def test_the_audit_names_a_touched_row(touch, seeded, session_factory, sent, postgres, database):
    _sign_all(seeded, session_factory, sent)
    assert _audit(session_factory, sent[0]).faults == ()
    with _admin(postgres, database) as connection:
        connection.execute(TOUCHES[touch].format(subject=f"convention:{sent[2]}"))
    faults = _audit(session_factory, sent[0]).faults
    assert faults
    assert {3, 4, 7, 30} & {fault.sequence for fault in faults}


@pytest.mark.attack
def test_the_runtime_role_cannot_touch_evidence(session_factory, sent):
    for statement in ("update evidence_events set kind = 'x'", "delete from evidence_events"):
        with session_factory() as session, pytest.raises(Exception, match="permission denied"):
            enter_tenant(session, sent[0])
            session.execute(text(statement))


@pytest.mark.attack
def test_without_a_tenant_every_tenant_table_reads_empty(database, sent):
    tables = [table.name for table in metadata().sorted_tables if "tenant_id" in table.c]
    with create_engine(database).connect() as connection:
        counts = {name: connection.execute(text(f"select count(*) from {name}")).scalar() for name in tables}
    assert len(tables) > 15
    assert set(counts.values()) == {0}


@pytest.mark.attack
def test_another_school_reads_nothing_of_ours(session_factory, sent):
    with session_factory() as session:
        other = session.scalars(select(Establishment).where(Establishment.uai != UAI)).first()
        enter_tenant(session, other.id)
        assert session.get(SignatureRequest, sent[1]) is None
        assert session.get(Convention, sent[2]) is None
        assert sent[2] not in session.scalars(select(Convention.id)).all()
