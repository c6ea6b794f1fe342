"""Use cases that meet on one file, in both orders: one wins, the other is refused in words, and nobody deadlocks."""

import threading
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.followups import queries as followups_of
from pfmp_saas.followups import use_cases as followups
from pfmp_saas.followups.models import Followup
from pfmp_saas.signing import texts
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.types.revisions import use_cases as revisions
from pfmp_saas.types.revisions.content import derived
from pfmp_saas.types.revisions.models import TypeRevision
from pfmp_saas.workflows.exclusions import check_amendable
from pfmp_saas.workflows.people import parties
from tests.support.amending import NOW, TUTOR, sent, wish
from tests.support.racing import LONGEST, Side
from tests.support.waiting import until

HEAD = Actor("Claire Petit", "c.petit@lycee.example", "head", texts.BY_ACCOUNT)
LAST_DAY = date(2027, 6, 1)


def last_acts(db, freezing, request_id, count):
    """Have all sign but the last ``count``; return the acts of these."""
    request = db.get_one(SignatureRequest, request_id)
    words = {"consent": True, "consent_text": texts.CONSENT, "authentication": texts.BY_LINK}
    words |= {"shown_hash": request.frozen_hash, "kek": freezing["kek"], "now": NOW}
    acts = [partial(signing.sign, signer_id=signer.id, **words) for signer in request.signers]
    for act in acts[:-count]:
        act(db)
    return acts[-count:]


def refusal(db, request_id):
    """The refusal of a document's last signer."""
    signer = db.get_one(SignatureRequest, request_id).signers[-1]
    return partial(signing.refuse, signer_id=signer.id, reason="Non.", authentication=texts.BY_LINK, now=NOW)


def test_the_last_two_signatures_at_once_complete_a_convention(db, draft, freezing, both):
    row = conventions.send(db, draft.id, **freezing)
    assert both(*last_acts(db, freezing, row.request_id, 2)) == ("done", "done")
    assert db.get_one(Convention, row.id).state == "signed"


@pytest.mark.parametrize("signature_first", [True, False])
@pytest.mark.parametrize("end", ["withdrawn", "refused"])
def test_the_last_signature_and_the_end_of_a_convention_exclude_each_other(
    db, draft, freezing, both, end, signature_first
):
    row = conventions.send(db, draft.id, **freezing)
    (sign,) = last_acts(db, freezing, row.request_id, 1)
    withdraw = partial(conventions.withdraw, convention_id=row.id, actor=HEAD, now=NOW)
    other = withdraw if end == "withdrawn" else refusal(db, row.request_id)
    won, lost = both(*(sign, other) if signature_first else (other, sign))
    assert won == "done"
    assert lost in {"Conflict", "Closed"}
    assert db.get_one(Convention, row.id).state == ("signed" if signature_first else end)


def sending(convention, amendment_id, freezing, between=lambda: None):
    """The act of the office that sends an amendment, as its page does it; ``between`` comes after the check."""

    def act(session):
        check_amendable(session, session.get_one(Convention, convention.id))
        between()
        amendments.send(session, amendment_id, **freezing)

    return act


def test_two_attestations_at_once_ask_for_one_signature(db, both, attest):
    assert both(attest, attest) == ("done", "Conflict")
    asked = select(SignatureRequest).where(SignatureRequest.subject_kind == "attestation")
    assert len(db.scalars(asked.where(SignatureRequest.opened_at == NOW)).all()) == 1


@pytest.mark.parametrize("sent_first", [True, False])
def test_an_amendment_that_leaves_and_an_attestation_exclude_each_other(
    db, convention, freezing, both, attest, sent_first
):
    row = amendments.open_draft(db, convention.id, wish(tutor=TUTOR), created_by=None)
    send = sending(convention, row.id, freezing)
    expected = ("done", "InSignature" if sent_first else "AlreadyAttested")
    assert both(*(send, attest) if sent_first else (attest, send)) == expected


@pytest.mark.parametrize("signature_first", [True, False])
def test_an_attestation_waits_for_the_last_signature_of_an_amendment(
    db, seeded, convention, freezing, both, attest, signature_first
):
    row = sent(db, seeded, convention, tutor=TUTOR)
    (sign,) = last_acts(db, freezing, row.request_id, 1)
    if signature_first:
        assert both(sign, attest) == ("done", "done")
    else:
        assert both(attest, sign) == ("InSignature", "done")


def test_an_amendment_sent_twice_while_its_last_signer_signs_is_no_deadlock(
    db, seeded, convention, freezing, operator, session_factory
):
    """A second click holds the convention when the signature, which holds the rest, comes to it."""
    row = sent(db, seeded, convention, tutor=TUTOR)
    (sign,) = last_acts(db, freezing, row.request_id, 1)
    db.commit()
    held, on = threading.Event(), threading.Event()

    def pause():
        held.set()
        assert on.wait(LONGEST)

    click = Side(session_factory, db.info["tenant"], sending(convention, row.id, freezing, pause))
    assert held.wait(LONGEST)
    signer = Side(session_factory, db.info["tenant"], sign)
    until(lambda: signer.waits(operator))
    on.set()
    assert (click.ended(), signer.ended()) == ("Conflict", "done")
    db.expire_all()
    assert db.get_one(Amendment, row.id).state == "signed"


def test_two_revisions_adopted_at_once_leave_one_in_force(db, both):
    drafts = [revisions.open_draft(db, derived("national-2016"), None).id for _ in range(2)]
    adopt = [
        partial(revisions.adopt, revision_id=each, on=date(2026, 11, 20), number="1", now=NOW)
        for each in drafts
    ]
    assert both(*adopt) == ("done", "done")
    assert [db.get_one(TypeRevision, each).state for each in drafts] == ["retired", "adopted"]


def test_an_act_noted_while_an_amendment_moves_its_period_stays(db, convention, both):
    row = followups_of.of_convention(db, convention.id)[0]
    (teacher,) = parties(convention, "referent")
    convention.data = {**convention.data, "periods": [{"start": "2027-03-01", "end": "2027-03-12"}]}
    note = partial(followups.record, followup_id=row.id, done_on=row.starts_on, today=LAST_DAY, now=NOW)
    follow = partial(followups.move_to, convention=convention)
    assert both(partial(note, recorded_by=teacher.account_id), follow) == ("done", "done")
    assert db.get_one(Followup, row.id).state == "done"
