"""A second timestamp authority for checkpoints: independent of the first, awaited apart, judged by the same rules."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.settings import checkpoint_from_environ
from pfmp_saas.evidence.bundle.make import make_bundle
from pfmp_saas.evidence.checkpoint.models import SecondStamp, StoredCheckpoint
from pfmp_saas.evidence.checkpoint.process import CheckpointProcess
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.timestamping import TimestampAuthority
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.verify.time.timestamp import imprint_of
from pfmp_saas.evidence.verify.trust import load_roots
from pfmp_saas.evidence.verify.verdict import judge_file
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.proof import proof_bundle
from tests.support.bundled import school
from tests.support.clock import NOW
from tests.support.logged_school import LoggedSchool
from tests.support.pages import UAI
from tests.support.sealed_pdf import world
from tests.support.tsa import Tsa


class Twice(LoggedSchool):
    """A school whose checkpoints two authorities stamp; each may be away."""

    def __init__(self, first, second, urls, *rest):
        super().__init__(*rest)
        self.authorities = (first.root_pem, second.root_pem)
        directory = self.settings.demo_mails
        for name, tsa in (("one.pem", first), ("two.pem", second)):
            (directory / name).write_bytes(tsa.root_pem)
        own = {"tsa_url": urls[0], "tsa_trust": directory / "one.pem"}
        more = {"tsa2_url": urls[1], "tsa2_trust": directory / "two.pem"}
        self.process = CheckpointProcess(replace(self.process.settings, **own, **more), lambda: self.now)

    def rows(self):
        with self.inside() as session:
            newest = select(StoredCheckpoint).where(StoredCheckpoint.tenant_id == self.tenant)
            row = session.scalars(newest.order_by(StoredCheckpoint.size.desc())).first()
            return row, session.scalars(select(SecondStamp).where(SecondStamp.checkpoint_id == row.id)).one()

    def found(self, *authorities):
        with self.sessions() as session:
            enter_tenant(session, self.tenant)
            return audit(session, self.now, authorities=authorities or self.authorities)


def test_both_stamp_the_same_note_and_the_bundle_carries_both(
    both, seeded, session_factory, postgres, database, app, root
):
    with ExitStack() as stack:
        urls = [stack.enter_context(tsa.serving()) for tsa in both]
        around = Twice(*both, urls, seeded, session_factory, postgres, database)
        request_id = around.signed()
        around.process.round()
    row, second = around.rows()
    assert row.stamp
    assert second.stamp
    assert row.stamp != second.stamp
    found = around.found()
    assert (found.faults, found.stamped, found.waiting) == ((), 1, 0)
    assert around.found(around.authorities[1]).faults == ()  # who knows one of them judges that one
    with around.inside() as session:
        bundle = proof_bundle(session, session.get_one(SignatureRequest, request_id))
    for known in (around.authorities, around.authorities[:1], around.authorities[1:]):
        held = ReaderInput(NOW, trust=(root.certificate_pem.encode(),), authorities=tuple(known))
        report = judge_file(bundle, held)
        told = next(check for check in report.checks if check.name == "checkpoint-timestamp")
        assert told.ok, told
        assert (" et le " in told.reason) == (len(known) == 2)
        assert ("n’est pas jugé" in told.reason) == (len(known) == 1)
    client = app.test_client()
    assert client.get(f"/points-de-controle/{UAI}/{row.size}-2.tsr").data == second.stamp
    assert "second horodatage" in client.get(f"/points-de-controle/{UAI}").text
    with around.admin() as connection:
        connection.execute("update second_stamps set stamp = stamp || '\\x00'::bytea")
    assert {fault.code for fault in around.found().faults} == {"checkpoint-time"}


def test_the_one_that_is_away_is_asked_again_and_holds_up_nothing(
    both, seeded, session_factory, postgres, database, app
):
    first, second = both
    with first.serving() as url:
        around = Twice(
            first, second, [url, "http://127.0.0.1:9"], seeded, session_factory, postgres, database
        )
        around.process.round()
    row, waiting = around.rows()
    assert row.stamp
    assert (waiting.stamp, waiting.stamp_attempts) == (None, 1)
    assert "ne répond pas" in waiting.stamp_error
    assert waiting.stamp_due_at > around.now
    assert around.found().waiting == 1
    assert "second horodatage demandé" in app.test_client().get(f"/points-de-controle/{UAI}").text
    assert app.test_client().get(f"/points-de-controle/{UAI}/{row.size}-2.tsr").status_code == 404
    with second.serving() as url:
        again = Twice(first, second, ["http://127.0.0.1:9", url], seeded, session_factory, postgres, database)
        again.now = around.now + timedelta(minutes=1)
        again.process.round()
    assert again.rows()[1].stamp


def stamped(one, two):
    """The bundle of the tests, under these two authorities' tokens."""
    mine = school()
    return make_bundle(replace(mine.pieces, stamp=one, second_stamp=two))


def token(tsa, text):
    with tsa.serving() as url:
        return TimestampAuthority(url, load_roots(tsa.root_pem)).stamp(imprint_of(text.encode()), NOW)


def test_a_second_token_of_something_else_is_refused_whoever_made_it():
    """The first is good: the second must not be able to be anything."""
    mine, other = school(), Tsa()
    note = mine.pieces.checkpoint
    good, strange, false = token(mine.tsa, note), token(other, note), token(other, "autre chose")
    held = ReaderInput(
        NOW + timedelta(days=1),
        trust=(world().root.certificate_pem.encode(),),
        authorities=(mine.tsa.root_pem,),
    )

    def failed(one, two):
        return set(judge_file(stamped(one, two), held).failed())

    assert failed(good, strange) == set()
    for one, two in ((good, false), (false, good), (good, b"rien"), (strange, strange), (good, good[:-1])):
        assert failed(one, two) == {"checkpoint-timestamp"}


def test_an_address_without_its_trust_stops_the_start():
    env = {
        "PFMP_CHECKPOINT_DATABASE_URL": "x",
        "PFMP_KEY_ENCRYPTION_KEY": "A" * 43 + "=",
        "PFMP_TSA2_URL": "http://tsa.example",
    }
    with pytest.raises(ConfigurationError, match="PFMP_TSA2_TRUST"):
        checkpoint_from_environ(env)
    assert checkpoint_from_environ({**env, "PFMP_TSA2_TRUST": "/x"}).tsa2_url == "http://tsa.example"
