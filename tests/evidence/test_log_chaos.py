"""Conventions signed by five at once, while workers and the checkpoint process are killed at random: nothing is lost.

PFMP_CHAOS_CONVENTIONS says how many (12 unless told; the issue's figure is 200). Every fourth is frozen for timestamps,
so that its signatures are sealed by the workers that die.
"""

import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

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
from tests.support.databases import KEK, database_name
from tests.support.pages import UAI
from tests.support.processes import descendants, environment, kill_tree
from tests.support.tsa import Tsa

pytestmark = [pytest.mark.long, pytest.mark.real_processes]
COUNT = int(os.environ.get("PFMP_CHAOS_CONVENTIONS", "12"))
STAMPED = 4  # one in so many


class Killer(threading.Thread):
    """Starts the workers and the checkpoint process, kills one of them every so often, starts again what stopped."""

    def __init__(self, settings, checkpoint_url, memory):
        super().__init__(daemon=True)
        tsa = {"PFMP_TSA_URL": settings.tsa_url, "PFMP_TSA_TRUST": str(settings.tsa_trust)}
        self.env = {**environment(settings), **tsa, "PFMP_WORKERS": "2"}
        own = {"PFMP_CHECKPOINT_DATABASE_URL": checkpoint_url, "PFMP_CHECKPOINT_MEMORY": str(memory)}
        self.commands = {
            "worker": ([sys.executable, "worker.py"], self.env),
            "checkpoint": (
                [sys.executable, "-m", "pfmp_saas.cli.main", "checkpoint", "run", "--every", "0.2"],
                self.env | own,
            ),
        }
        self.running, self.kills, self.over = {}, 0, threading.Event()
        self.random = random.Random(5)

    def run(self):
        while not self.over.is_set():
            self._start_all()
            self.over.wait(self.random.uniform(2, 6))
            self._kill_one()
        self._start_all()

    def _start_all(self):
        for name, (command, env) in self.commands.items():
            if name not in self.running or self.running[name].poll() is not None:
                self.running[name] = subprocess.Popen(command, env=env, start_new_session=True)

    def _kill_one(self):
        name = self.random.choice(["worker", "a child", "checkpoint"])
        if name == "a child":
            children = descendants(self.running["worker"].pid)
            if children:
                subprocess.run(
                    ["kill", "-9", str(self.random.choice(children))], check=False, stderr=subprocess.DEVNULL
                )
        else:
            kill_tree(self.running[name])
        self.kills += 1

    def stop(self):
        self.over.set()
        self.join(60)

    def end(self):
        for process in self.running.values():
            kill_tree(process)


@pytest.fixture
def world(seeded, session_factory, postgres, database, tmp_path):
    tsa = Tsa(clock=utc_now)
    (tmp_path / "tsa.pem").write_bytes(tsa.root_pem)
    name = database_name(database)
    with tsa.serving() as url:
        settings = replace(seeded, tsa_url=url, tsa_trust=tmp_path / "tsa.pem")
        killer = Killer(settings, postgres.checkpoint_url(name), tmp_path / "memory.json")
        killer.start()
        yield settings, tsa, killer
        killer.stop()
        killer.end()


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
            conventions.save(session, row.id, dict(model.data), expected_revision=None)
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
        unhandled = select(func.count()).where(OutboxEvent.handled_at.is_(None))
        covered = session.scalar(select(func.max(StoredCheckpoint.size))) == session.scalar(
            select(LogHead.size)
        )
        return session.scalar(incomplete) == session.scalar(unhandled) == 0 and covered


START = utc_now()


def test_nothing_is_lost_or_doubled_when_processes_die_at_random(world, session_factory, root):
    settings, tsa, killer = world
    tenant = _tenant(session_factory)
    sent = _send_all(session_factory, settings, tenant)
    _sign_all(session_factory, tenant, sent)
    _until(lambda: killer.kills >= 5, 60)
    killer.stop()
    _until(lambda: _settled(session_factory, tenant), 60 + 10 * COUNT)
    held = ReaderInput(
        utc_now(), trust=(root.certificate_pem.encode(),), authorities=(tsa.root_pem,), expect=5
    )
    with session_factory() as session:
        enter_tenant(session, tenant)
        found = audit(session, roots=[root.certificate_pem.encode()], authorities=[tsa.root_pem])
        assert (found.faults, found.checkpoints > 0) == ((), True)
        places = list(session.scalars(select(EvidenceEvent.log_index).order_by(EvidenceEvent.log_index)))
        assert places == list(range(len(places)))
        for request_id, _, signers in sent:
            request = session.get_one(SignatureRequest, request_id)
            kinds = [event.kind for event in events_of(session, request.evidence_subject)]
            assert kinds == ["frozen", *["signed"] * len(signers)]
            report = judge_pdf(queries.document(session, request), held)
            assert report.ok, [(check.name, check.reason) for check in report.checks if not check.ok]
    print(
        f"{COUNT} conventions, {killer.kills} kills, {found.events} events, {found.checkpoints} checkpoints"
    )


def _until(found, seconds):
    limit = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < limit, f"nothing after {seconds} s"
        time.sleep(0.5)
