"""Signing under a real timestamp authority over HTTP: an act never waits for it, a seal always does."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pfmp_saas.app import create_app
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.core.settings import from_environ
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.jobs import work
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.signing.links import new_link
from tests.support.clock import NOW, still
from tests.support.stamped_school import Place
from tests.support.tsa import Tsa


def test_five_acts_are_sealed_under_timestamps_and_the_document_is_closed(place):
    for signer in place.signers():
        place.sign(signer)
        assert place.tsa.asked == 0  # nobody's tap waits for the authority
    assert place.state() == ("open", 0)
    place.run()
    assert place.state() == ("complete", 5)
    assert place.tsa.asked == 6
    report = place.verdict()
    assert report.ok, report.checks
    reasons = {check.name: check.reason for check in report.checks}
    assert "PAdES B-T" in reasons["timestamps"]
    assert "document clos" in reasons["closing"]
    with place.inside() as session:
        told = select(func.count()).where(
            OutboxEvent.kind == "SigningCompleted", OutboxEvent.subject_id == place.request_id
        )
        assert session.scalar(told) == 1


def test_an_authority_that_fails_is_waited_for_and_never_replaced_by_our_clock(place):
    signers = place.signers()
    for signer in signers[:2]:
        place.sign(signer)
    place.tsa.down = True
    place.run()
    assert place.state() == ("open", 0)
    assert place.due() == []  # asked again later, not hammered
    for signer in signers[2:]:
        place.sign(signer)  # signing goes on
    place.run()
    assert place.state() == ("open", 0)
    place.now += timedelta(hours=3)
    place.run()
    with place.inside() as session:
        items = list(session.scalars(select(DueItem).where(DueItem.kind == "seal")))
        assert all("ne répond pas" in item.last_error for item in items)
        assert {(item.attempts, item.faults) for item in items} == {(2, 0)}
    place.tsa.down, place.tsa.at = False, place.now
    place.now += timedelta(hours=3)
    place.tsa.at = place.now
    place.run()
    assert place.state() == ("complete", 5)
    assert place.verdict().ok, place.verdict().checks


def test_an_authority_taken_out_of_the_settings_is_no_way_to_a_plain_signature(place):
    place.sign(place.signers()[0])
    configure(replace(place.settings, tsa_url=None), lambda: place.now)
    place.run()
    assert place.state() == ("open", 0)
    configure(place.settings, lambda: place.now)
    place.now += timedelta(minutes=10)
    place.tsa.at = place.now
    place.run()
    assert place.state() == ("open", 1)


def test_an_authority_that_is_not_the_pinned_one_is_refused(place):
    place.sign(place.signers()[0])
    place.tsa.answer = Tsa().answer
    place.run()
    assert place.state() == ("open", 0)


def test_two_workers_on_the_same_acts_seal_each_once(place):
    for signer in place.signers():
        place.sign(signer)
    items = place.due()
    threads = [
        threading.Thread(target=work.run_due, args=(str(place.tenant), str(item)))
        for item in [*items, *items]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    place.run()
    assert place.state() == ("complete", 5)
    assert place.tsa.asked == 6
    assert place.verdict().ok


def test_who_signed_reads_that_the_timestamp_is_awaited(place):
    signer = place.signers()[0]
    place.sign(signer)
    with place.sessions.begin() as session:
        enter_tenant(session, place.tenant)
        row = next(each for each in place.request(session).signers if each.id == signer)
        token = new_link(session, row, NOW)
    client = create_app(place.settings, still).test_client()
    assert "horodatage en attente" in client.get(f"/signer/{token}").get_data(as_text=True)
    place.run()
    page = client.get(f"/signer/{token}").get_data(as_text=True)
    assert "horodatage en attente" not in page


def test_without_an_authority_acts_are_sealed_at_once_and_the_verdict_says_so(seeded, session_factory):
    place = Place(seeded, session_factory, Tsa())
    for signer in place.signers():
        place.sign(signer)
    assert place.state() == ("complete", 5)
    reasons = {check.name: check.reason for check in place.verdict().checks}
    assert "PAdES B-B" in reasons["timestamps"]
    assert "sans horodatage" in reasons["closing"]


@pytest.mark.parametrize(
    ("given", "named"),
    [({"PFMP_TSA_URL": "https://x"}, "PFMP_TSA_TRUST"), ({"PFMP_TSA_URL": "ftp://x"}, "PFMP_TSA_URL")],
)
def test_an_authority_without_its_certificate_stops_the_start(given, named):
    kept = {
        "PFMP_BASE_URL": "http://x", "PFMP_DATABASE_URL": "x", "PFMP_REDIS_URL": "x", "PFMP_SECRET_KEY": "s" * 40,
        "PFMP_KEY_ENCRYPTION_KEY": "A" * 43 + "=", "PFMP_SMTP_HOST": "x", "PFMP_MAIL_FROM": "x",
    }  # fmt: skip
    with pytest.raises(ConfigurationError, match=named):
        from_environ(kept | given)
