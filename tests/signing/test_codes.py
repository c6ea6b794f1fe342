"""A code beside the link, where the school asks for it: mailed when signing, good once, and written in the evidence."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.accounts import queries as people
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.events import read_event
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.signing import codes, errors, texts
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import Signer
from tests.support.acts import sign
from tests.support.clock import NOW
from tests.support.databases import KEK
from tests.support.pages import TEACHER, page


def mailed(db):
    db.rollback()
    found = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signing-code"))
    return [re.search("([0-9]{3}) ([0-9]{3})", mail.title).group(1, 2) for mail in found]


def test_who_signs_by_a_link_needs_the_code_that_was_mailed_and_the_evidence_says_so(with_code, app, db):
    signer, link, sent = with_code
    client = app.test_client()
    assert "Recevoir mon code" in page(client.get(link))
    assert "Tapez le code reçu" in page(client.post(link, data=sent))
    assert client.post(f"{link}/code").status_code == 302
    assert client.post(f"{link}/code").status_code == 302  # within a minute: no second mail
    ((first, last),) = mailed(db)
    shown = page(client.get(link))
    assert "Code reçu par courriel" in shown
    wrong = "000000" if first + last != "000000" else "111111"
    assert "Ce n’est pas le code" in page(client.post(link, data=sent | {"code": wrong}))
    no_consent = {"shown_hash": sent["shown_hash"], "code": first + last}
    assert client.post(link, data=no_consent).status_code == 422  # and the code still serves
    assert client.post(link, data=sent | {"code": f"{first} {last}"}).status_code == 302
    db.rollback()
    row = db.get_one(Signer, signer.id, populate_existing=True)
    assert (row.state, row.code_hash) == ("signed", None)
    event = db.scalars(select(EvidenceEvent).where(EvidenceEvent.hash == row.event_hash)).one()
    assert read_event(event.canonical).authenticated == texts.BY_CODE


@pytest.mark.attack
def test_a_code_is_not_guessed_nor_used_late_nor_gone_round(with_code, app, db):
    signer, link, sent = with_code
    client = app.test_client()
    client.post(f"{link}/code")
    ((first, last),) = mailed(db)
    wrong = "000000" if first + last != "000000" else "111111"
    for _ in range(codes.TRIES):
        assert client.post(link, data=sent | {"code": wrong}).status_code == 422
    assert "ne sert plus" in page(client.post(link, data=sent | {"code": first + last}))
    db.rollback()
    row = db.get_one(Signer, signer.id, populate_existing=True)
    assert row.state == "invited"
    row.code_tries = 0
    db.flush()
    with pytest.raises(errors.CodeOver):
        codes.check(db, row.id, first + last, KEK, NOW + codes.LIFE + timedelta(seconds=1))
    with pytest.raises(errors.NoCode):  # the use case itself: no other door forgets it
        sign(db, row, row.request.frozen_hash)
    other = next(each for each in row.request.signers if each.id != row.id)
    with pytest.raises(errors.CodeOver):  # the code of one signer is no other's
        codes.check(db, other.id, first + last, KEK, NOW)


def test_who_is_signed_in_under_the_same_address_needs_no_code(with_code, app, db, ceremony):
    signer, _, sent = with_code
    teacher = next(each for each in signer.request.signers if each.email == TEACHER)
    token = new_link(db, teacher, NOW)
    db.commit()
    client = app.test_client()
    client.post(f"/demo/entrer/{people.by_email(db, TEACHER).id}")
    shown = page(client.get(f"/signer/{token}"))
    assert "Recevoir mon code" not in shown
    assert client.post(f"/signer/{token}", data=sent).status_code == 302
    db.rollback()
    row = db.get_one(Signer, teacher.id, populate_existing=True)
    event = db.scalars(select(EvidenceEvent).where(EvidenceEvent.hash == row.event_hash)).one()
    assert read_event(event.canonical).authenticated == texts.BY_SESSION
