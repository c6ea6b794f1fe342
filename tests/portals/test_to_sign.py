"""A head signs many conventions at once: one consent, one transaction per document, progress kept in the database."""

import re
import uuid

import pytest
from sqlalchemy import select, update

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.queries import audit
from pfmp_saas.jobs import work
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.signing import queries, use_cases
from pfmp_saas.signing.models import SignatureRequest, Signer, SigningBatch
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW
from tests.support.copies import MANY
from tests.support.pages import HEAD, UAI, page
from tests.support.processes import worker_process
from tests.support.waiting import until


def chosen(body):
    """The form as a browser would post it with every box ticked."""
    ids = re.findall(r'name="sign" value="([^"]+)"', body)
    hashes = dict(re.findall(r'name="(hash-[^"]+)" value="([^"]+)"', body))
    return {"sign": ids, **hashes}


def run_all(settings, db):
    """What the worker does with this school's batch, in this process."""
    configure(settings)
    db.rollback()
    for item in db.scalars(
        select(DueItem).where(DueItem.kind == DueKind.SIGN, DueItem.state == "waiting")
    ).all():
        work.run_due(str(item.tenant_id), str(item.id))
    db.rollback()
    db.expire_all()


def test_the_page_lists_what_awaits_this_person_and_nothing_else(head, many, db):
    body = head.get(f"/ecole/{UAI}/a-signer").get_data(as_text=True)
    awaited = {str(signer.id) for signer in queries.awaiting(db, HEAD)}
    assert len(awaited) == MANY
    assert set(chosen(body)["sign"]) == awaited
    assert " checked" not in body
    assert head.get(f"/ecole/{UAI}/a-signer?tout=1").get_data(as_text=True).count(" checked") == MANY
    one = awaited.pop()
    assert head.get(f"/ecole/{UAI}/a-signer/{one}.pdf").data.startswith(b"%PDF-")


def test_nothing_is_kept_without_consent_or_choice(head, many, db):
    form = chosen(page(head.get(f"/ecole/{UAI}/a-signer")))
    without = head.post(f"/ecole/{UAI}/a-signer", data=form)
    assert without.status_code == 422
    assert "Cochez cette case" in page(without)
    assert page(without).count(" checked") == MANY  # the choice is kept
    nothing = head.post(f"/ecole/{UAI}/a-signer", data={"consent": "yes"})
    assert nothing.status_code == 422
    assert "Cochez au moins un document" in page(nothing)
    assert head.post(f"/ecole/{UAI}/a-signer", data={"sign": "\x00x", "consent": "yes"}).status_code == 422
    assert db.scalars(select(SigningBatch)).all() == []


def test_each_is_signed_under_the_account_and_what_changed_is_skipped_and_said(head, many, db, seeded):
    form = chosen(page(head.get(f"/ecole/{UAI}/a-signer")))
    stale = f"hash-{form['sign'][0]}"
    answer = head.post(f"/ecole/{UAI}/a-signer", data={**form, stale: "0" * 64, "consent": "yes"})
    assert answer.status_code == 302
    waiting = head.get(answer.headers["Location"])
    assert f"0 sur {MANY}" in page(waiting)
    assert 'http-equiv="refresh"' in page(waiting)
    run_all(seeded, db)
    ended = head.get(answer.headers["Location"])
    assert f"{MANY} sur {MANY}" in page(ended)
    assert 'http-equiv="refresh"' not in page(ended)
    assert "Ce document a changé" in page(ended)
    assert [str(signer.id) for signer in queries.awaiting(db, HEAD)] == [form["sign"][0]]
    under_account = EvidenceEvent.canonical.contains('"authenticated":"account"')
    events = db.scalars(select(EvidenceEvent).where(EvidenceEvent.kind == "signed", under_account)).all()
    assert len(events) == MANY - 1
    assert audit(db, NOW).faults == ()


@pytest.mark.attack
def test_a_forged_choice_signs_only_ones_own(head, many, db, seeded):
    others = db.scalars(select(Signer).where(Signer.email != HEAD, Signer.state == "invited")).all()
    mine = queries.awaiting(db, HEAD)[0]
    form = {f"hash-{each.id}": each.request.frozen_hash for each in [*others, mine]}
    ids = [str(each.id) for each in [*others, mine]]
    assert (
        head.post(f"/ecole/{UAI}/a-signer", data={**form, "sign": ids, "consent": "yes"}).status_code == 302
    )
    run_all(seeded, db)
    assert db.get(Signer, mine.id).state == "signed"
    assert {db.get(Signer, each.id).state for each in others} == {"invited"}


def test_an_answer_given_meanwhile_by_link_is_not_given_twice(head, many, db, seeded, session_factory):
    form = chosen(page(head.get(f"/ecole/{UAI}/a-signer")))
    answer = head.post(f"/ecole/{UAI}/a-signer", data={**form, "consent": "yes"})
    with session_factory.begin() as session:
        enter_tenant(session, by_uai(session, UAI).id)
        use_cases.refuse(
            session,
            uuid.UUID(form["sign"][0]),
            reason="Erreur de date",
            authentication="email-link",
            now=NOW,
        )
    run_all(seeded, db)
    assert "Vous avez déjà répondu" in page(head.get(answer.headers["Location"]))
    assert db.get(Signer, uuid.UUID(form["sign"][0])).state == "refused"


def test_the_real_worker_signs_the_batch(head, many, db, seeded):
    db.execute(OutgoingMail.__table__.update().values(state="sent"))
    db.commit()
    enter_tenant(db, by_uai(db, UAI).id)
    form = chosen(page(head.get(f"/ecole/{UAI}/a-signer")))
    assert head.post(f"/ecole/{UAI}/a-signer", data={**form, "consent": "yes"}).status_code == 302

    def ended():
        db.rollback()
        return queries.awaiting(db, HEAD) == []

    with worker_process(seeded):
        until(ended)
    requests = db.scalars(select(SignatureRequest).where(SignatureRequest.state == "open")).all()
    assert len(requests) >= MANY
    assert audit(db, NOW).faults == ()


def test_what_the_worker_gave_up_is_said_and_the_page_stops_asking(head, many, db):
    form = chosen(page(head.get(f"/ecole/{UAI}/a-signer")))
    answer = head.post(f"/ecole/{UAI}/a-signer", data={**form, "consent": "yes"})
    db.rollback()
    db.execute(update(DueItem).where(DueItem.kind == DueKind.SIGN).values(state="failed", failed_at=NOW))
    db.commit()
    shown = page(head.get(answer.headers["Location"]))
    assert "Signatures en attente" in shown
    assert "depuis la page <em>Suivi</em>" in shown
    assert 'http-equiv="refresh"' not in shown


def test_the_head_reads_class_by_class_with_host_and_days(head, many, db):
    awaited = [each for each in queries.awaiting(db, HEAD) if each.request.subject_kind == "convention"]
    row = db.get_one(Convention, awaited[0].request.subject_id)
    body = page(head.get(f"/ecole/{UAI}/a-signer"))
    assert f"<strong>{row.student_name}</strong> chez {row.host_name} · 11 janv. – 5 févr. 2027" in body
    assert page(head.get(f"/ecole/{UAI}/a-signer?tout={row.class_name}")).count(" checked") == len(awaited)
    assert " checked" not in page(head.get(f"/ecole/{UAI}/a-signer?tout=AUTRE"))
