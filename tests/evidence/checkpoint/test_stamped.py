"""Checkpoints under a real timestamp authority over HTTP: asked for, waited for, never made up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.evidence.checkpoint.process import CheckpointProcess
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.verify.time.timestamp import check_stamp, imprint_of
from pfmp_saas.evidence.verify.trust import load_roots
from tests.support.clock import NOW
from tests.support.logged_school import LoggedSchool
from tests.support.pages import UAI
from tests.support.tsa import Tsa


class Stamped(LoggedSchool):
    """The same, with an authority of timestamps that may be stopped."""

    def __init__(self, tsa, url, *world):
        super().__init__(*world)
        self.tsa = tsa
        trust = self.settings.demo_mails / "tsa.pem"
        trust.write_bytes(tsa.root_pem)
        settings = replace(self.process.settings, tsa_url=url, tsa_trust=trust)
        self.process = CheckpointProcess(settings, lambda: self.now)

    def checkpoint(self):
        with self.inside() as session:
            return session.scalars(select(StoredCheckpoint).order_by(StoredCheckpoint.size.desc())).first()

    def found(self):
        with self.sessions() as session:
            enter_tenant(session, self.tenant)
            return audit(session, self.now, authorities=[self.tsa.root_pem])


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_checkpoint_is_stamped_by_the_authority(kind, seeded, session_factory, postgres, database, app):
    tsa = Tsa(kind)
    with tsa.serving() as url:
        around = Stamped(tsa, url, seeded, session_factory, postgres, database)
        around.process.round()
    row = around.checkpoint()
    stamp = check_stamp(row.stamp, imprint_of(row.note.encode()), load_roots(tsa.root_pem), NOW)
    assert abs(stamp.at - NOW) < timedelta(minutes=5)
    assert (row.stamp_due_at, row.stamp_error) == (None, None)
    found = around.found()
    assert (found.faults, found.stamped, found.waiting) == ((), 1, 0)
    answer = app.test_client().get(f"/points-de-controle/{UAI}/{row.size}.tsr")
    assert answer.data == row.stamp
    with around.admin() as connection:
        connection.execute("update checkpoints set stamp = stamp || '\\x00'::bytea")
    assert {fault.code for fault in around.found().faults} == {"checkpoint-time"}


def test_an_authority_that_fails_is_asked_again_and_the_waiting_is_shown(
    seeded, session_factory, postgres, database, app
):
    tsa = Tsa()
    with tsa.serving() as url:
        gone = url
    around = Stamped(tsa, gone, seeded, session_factory, postgres, database)
    around.process.round()
    row = around.checkpoint()
    assert (row.stamp, row.stamp_attempts) == (None, 1)
    assert row.stamp_due_at > around.now
    assert "ne répond pas" in row.stamp_error
    found = around.found()
    assert (found.faults, found.stamped, found.waiting) == ((), 0, 1)
    assert "horodatage demandé, en attente" in app.test_client().get(f"/points-de-controle/{UAI}").text
    around.process.round()  # not before its time
    assert around.checkpoint().stamp_attempts == 1
    around.now += timedelta(minutes=1)
    around.process.round()
    waited = around.checkpoint()
    assert waited.stamp_attempts == 2
    assert waited.stamp_due_at - around.now > row.stamp_due_at - (around.now - timedelta(minutes=1))
    with tsa.serving() as url:
        again = Stamped(tsa, url, seeded, session_factory, postgres, database)
        again.now = around.now + timedelta(hours=2)
        again.process.round()
    assert again.checkpoint().stamp is not None


def test_an_authority_that_is_not_pinned_is_no_authority(seeded, session_factory, postgres, database):
    other = Tsa()
    with other.serving() as url:
        around = Stamped(Tsa(), url, seeded, session_factory, postgres, database)
        around.process.round()
    row = around.checkpoint()
    assert (row.stamp, row.stamp_attempts) == (None, 1)
    assert row.stamp_error
