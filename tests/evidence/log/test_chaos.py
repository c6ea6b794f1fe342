"""Conventions signed by five at once, while workers and the checkpoint process are killed at random: nothing is lost.

PFMP_CHAOS_CONVENTIONS says how many (12 unless told; the issue's figure is 200). Every fourth is frozen for timestamps,
so that its signatures are sealed by the workers that die.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from pfmp_saas.conventions import caps
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.evidence.log.models import LogHead
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.queries import audit, events_of
from pfmp_saas.evidence.verify import ReaderInput, judge_pdf
from pfmp_saas.signing import queries, texts, use_cases
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.queries import by_uai
from tests.support.databases import KEK
from tests.support.pages import UAI
from tests.support.waiting import until

pytestmark = [pytest.mark.long, pytest.mark.real_processes]
COUNT = int(os.environ.get("PFMP_CHAOS_CONVENTIONS", "12"))
STAMPED = 4  # one in so many


def _tenant(session_factory):
    with session_factory() as session:
        return by_uai(session, UAI).id


def _send_all(session_factory, settings, tenant):
    """Send as many copies of the demonstration's draft; return (request, frozen hash, signers) of each."""
    sent = []
    for number in range(COUNT):
        with session_factory.begin() as session:
            enter_tenant(session, tenant)
            model = session.scalars(select(Convention).where(Convention.state == "draft")).first()
            now = utc_now()
            row = conventions.create_draft(session, student_id=model.student_id, created_by=None, now=now)
            conventions.save(session, row.id, dict(model.data))
            stamped = number % STAMPED == 0
            conventions.send(
                session, row.id, kek=KEK, base_url=settings.base_url, now=now, timestamped=stamped
            )
            caps.release(session, row)
            request = session.get_one(SignatureRequest, row.request_id)
            sent.append((request.id, request.frozen_hash, [signer.id for signer in request.signers]))
    return sent


def _sign(session_factory, tenant, shown, signer, barrier):
    barrier.wait(120)
    with session_factory.begin() as session:
        enter_tenant(session, tenant)
        use_cases.sign(
            session, signer, shown_hash=shown, consent=True, consent_text=texts.CONSENT,
            authentication=texts.BY_LINK, kek=KEK, now=utc_now(),
        )  # fmt: skip


def _sign_all(session_factory, tenant, sent):
    """Two conventions at a time, their five signers at the same instant."""
    with ThreadPoolExecutor(10) as pool:
        waiting = []
        for _, shown, signers in sent:
            barrier = threading.Barrier(len(signers))
            waiting += [
                pool.submit(_sign, session_factory, tenant, shown, signer, barrier) for signer in signers
            ]
        for each in waiting:
            each.result()


def _settled(session_factory, tenant):
    """Nothing open, nothing to react to, and a checkpoint over everything."""
    with session_factory() as session:
        enter_tenant(session, tenant)
        incomplete = select(func.count()).where(
            SignatureRequest.state == "open", SignatureRequest.opened_at > START
        )
        unhandled = select(func.count()).where(OutboxEvent.state == "waiting")
        covered = session.scalar(select(func.max(StoredCheckpoint.size))) == session.scalar(
            select(LogHead.size)
        )
        return session.scalar(incomplete) == session.scalar(unhandled) == 0 and covered


START = utc_now()


def test_nothing_is_lost_or_doubled_when_processes_die_at_random(dying_processes, session_factory, root):
    settings, tsa, killer = dying_processes
    tenant = _tenant(session_factory)
    sent = _send_all(session_factory, settings, tenant)
    _sign_all(session_factory, tenant, sent)
    until(lambda: killer.kills >= 5)
    killer.stop()
    until(lambda: _settled(session_factory, tenant), seconds=120 + 10 * COUNT)
    held = ReaderInput(
        utc_now(), trust=(root.certificate_pem.encode(),), authorities=(tsa.root_pem,), expect=5
    )
    with session_factory() as session:
        enter_tenant(session, tenant)
        found = audit(session, utc_now(), roots=[root.certificate_pem.encode()], authorities=[tsa.root_pem])
        assert (found.faults, found.checkpoints > 0) == ((), True)
        places = list(session.scalars(select(EvidenceEvent.log_index).order_by(EvidenceEvent.log_index)))
        assert places == list(range(len(places)))
        for request_id, _, signers in sent:
            request = session.get_one(SignatureRequest, request_id)
            kinds = [event.kind for event in events_of(session, request.evidence_subject)]
            assert kinds == ["frozen", *["signed"] * len(signers), "finished"]
            report = judge_pdf(queries.document(session, request), held)
            assert report.ok, [(check.name, check.reason) for check in report.checks if not check.ok]
    print(
        f"{COUNT} conventions, {killer.kills} kills, {found.events} events, {found.checkpoints} checkpoints"
    )
