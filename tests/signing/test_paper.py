"""A signature on paper: the office vouches for it under its own name, and nobody may be misled about who did what."""

import hashlib
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pfmp_saas.accounts import queries as people
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import Conflict
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.roles import Role
from pfmp_saas.core.storage import StoredFile
from pfmp_saas.evidence.events import read_event, text_hash
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.queries import audit, events_of
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.signing import links, paper, texts, use_cases
from pfmp_saas.signing.models import PaperSignature
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW, TODAY
from tests.support.databases import KEK
from tests.support.pages import HEAD, OFFICE, UAI, page
from tests.support.papers import BAD, GOOD, HOST, PNG, fresh, send, signer_of


def kept(db):
    """What a refused form must leave as it was: how many papers, files, events."""
    db.rollback()
    return [db.scalar(select(func.count(row.id))) for row in (PaperSignature, StoredFile, EvidenceEvent)]


def test_who_has_no_address_is_asked_on_paper_only_when_the_office_says_so(db, office, draft):
    host = {**draft.data["host"], "representative": {"name": "Karim Benali", "function": "Gérant"}}
    conventions.save(db, draft.id, {"host": host})
    db.commit()
    detail = f"/ecole/{UAI}/conventions/{draft.id}"
    assert "Karim Benali (représentant de l’organisme d’accueil) n’a pas d’adresse" in page(
        office.get(detail)
    )
    refused = office.post(f"{detail}/envoyer")
    assert refused.status_code == 422
    assert "adresse électronique manque pour : représentant de l’organisme d’accueil" in page(
        refused
    ).replace("\xa0", " ")
    assert office.post(f"{detail}/envoyer", data={"on_paper": ["head", "referent"]}).status_code == 422
    assert office.post(f"{detail}/envoyer", data={"on_paper": HOST}).status_code == 302
    db.rollback()
    written = db.scalars(
        select(OutgoingMail.recipient).where(OutgoingMail.kind == "signing-invitation")
    ).all()
    assert "" not in written
    shown = page(office.get(detail))
    assert "sans adresse électronique, signera sur papier" in shown
    assert "à Karim Benali</span></button>" not in shown
    sent_row = db.get(Convention, draft.id, populate_existing=True)
    assert office.post(f"/ecole/{UAI}/signatures/{sent_row.request_id}/relancer").status_code == 302
    db.rollback()
    assert db.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.recipient == "")) == 0


def test_the_printed_document_is_the_frozen_one(db, office, half_on_paper):
    answer = office.get(f"/ecole/{UAI}/signatures/{half_on_paper.id}/a-imprimer.pdf")
    assert hashlib.sha256(answer.data).hexdigest() == half_on_paper.frozen_hash


@pytest.mark.parametrize("kind", GOOD)
def test_the_office_vouches_for_a_paper(kind, db, office, half_on_paper):
    before = kept(db)
    answer = send(office, UAI, half_on_paper, HOST, GOOD[kind])
    assert answer.status_code == 302, page(answer)
    request = fresh(db, half_on_paper)
    signer = signer_of(db, request, HOST)
    assert (signer.state, signer.manner, signer.paper.voucher_email) == ("signed", "paper", OFFICE)
    assert [after - was for was, after in zip(before, kept(db), strict=True)] == [1, 1, 1]
    digest = hashlib.sha256(GOOD[kind]).hexdigest()
    row = events_of(db, request.evidence_subject)[-1]
    event = read_event(row.canonical)
    assert (event.kind, event.capacity, event.document_hash) == (
        "signed-on-paper",
        "secrétariat",
        request.frozen_hash,
    )
    assert event.payload | {"signer": "", "scan_file": ""} == {
        "field": HOST, "capacity": "Représentant de l’organisme d’accueil", "manner": "paper",
        "signed_on": TODAY.isoformat(), "scan_sha256": digest, "signer": "", "scan_file": "",
    }  # fmt: skip
    assert event.consent_hash == text_hash(texts.CONSENT_PAPER)
    assert "Benali" not in row.canonical
    assert "Roy" not in row.canonical
    assert audit(db, NOW).faults == ()
    shown = page(office.get(answer.headers["Location"]))
    assert "La signature sur papier de Karim Benali est enregistrée" in shown
    assert "a signé sur papier le" in shown
    assert "original vu par Chantal Roy (secrétariat)" in shown
    file = office.get(f"/ecole/{UAI}/signatures/{half_on_paper.id}/papier/{signer.paper.id}")
    assert file.data == GOOD[kind]
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_several_people_on_one_scan_are_recorded_in_one_act_all_or_none(db, office, half_on_paper):
    three = [signer_of(db, half_on_paper, field) for field in (HOST, "tutor", "student")]
    ids = [str(each.id) for each in three]
    before = kept(db)
    answer = send(office, UAI, half_on_paper, HOST, signer=[*ids, "x"])
    assert (answer.status_code, kept(db)) == (404, before)
    answer = send(office, UAI, half_on_paper, HOST, signer=ids)
    assert answer.status_code == 302, page(answer)
    request = fresh(db, half_on_paper)
    scans = {signer_of(db, request, field).paper.scan_sha256 for field in (HOST, "tutor", "student")}
    assert len(scans) == 1
    assert [after - was for was, after in zip(before, kept(db), strict=True)][:1] == [3]
    assert audit(db, NOW).faults == ()
    assert "Les signatures sur papier de" in page(office.get(answer.headers["Location"]))


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_scan_is_refused_beside_the_field(kind, db, office, half_on_paper):
    before, (content, why) = kept(db), BAD[kind]
    answer = send(office, UAI, half_on_paper, HOST, content)
    assert answer.status_code == 422
    told = page(answer).split('id="scan-aide"')[1].split("</div></div>")[0]
    assert why in told.replace("\xa0", " ")
    assert kept(db) == before


DAYS = {
    "none": ("", "Indiquez le jour"),
    "no day": ("31/02/2026", "n’est pas une date du calendrier"),
    "tomorrow": ((TODAY + timedelta(days=1)).isoformat(), "n’est pas encore venu"),
    "before the freeze": ((TODAY - timedelta(days=1)).isoformat(), "a été figé le"),
}


@pytest.mark.parametrize("kind", DAYS)
def test_a_day_that_cannot_be_is_refused(kind, db, office, half_on_paper):
    before, (typed, why) = kept(db), DAYS[kind]
    answer = send(office, UAI, half_on_paper, HOST, signed_on=typed)
    assert answer.status_code == 422
    assert why in page(answer).split('id="signed_on-aide"')[1][:400]
    assert kept(db) == before


def test_nothing_is_recorded_without_a_tick_a_signer_or_the_right_document(db, office, half_on_paper):
    before = kept(db)
    for changed, status, why in (
        ({"consent": None}, 422, "Cochez cette case"),
        ({"signer": None}, 422, "Choisissez qui a signé"),
        ({"signer": "x"}, 404, ""),
        ({"shown_hash": "0" * 64}, 409, "a changé"),
    ):
        answer = send(office, UAI, half_on_paper, HOST, **changed)
        assert answer.status_code == status, changed
        assert why in page(answer)
    assert kept(db) == before


@pytest.mark.attack
def test_nobody_vouches_for_oneself_nor_the_head_for_the_head(app, db, office, half_on_paper):
    head = app.test_client()
    head.post(f"/demo/entrer/{people.by_email(db, HEAD).id}")
    before = kept(db)
    answer = send(head, UAI, half_on_paper, "head")
    assert answer.status_code == 422
    assert "n’atteste sa propre signature" in page(answer)
    signer_of(db, half_on_paper, "tutor").email = OFFICE
    db.commit()
    assert send(office, UAI, half_on_paper, "tutor").status_code == 422
    assert kept(db) == before
    assert (
        send(office, UAI, half_on_paper, "head").status_code == 302
    )  # another may, who saw the head's paper
    assert send(head, UAI, half_on_paper, HOST).status_code == 302


@pytest.mark.attack
def test_teachers_families_and_other_schools_cannot(app, db, half_on_paper):
    before = kept(db)
    for email in ("marc.petit@lp-eiffel.example", "lea.fontaine@eleve.example"):
        client = app.test_client()
        client.post(f"/demo/entrer/{people.by_email(db, email).id}")
        assert send(client, UAI, half_on_paper, HOST).status_code == 404
    assert send(app.test_client(), UAI, half_on_paper, HOST).status_code == 302  # to the door
    assert kept(db) == before


def test_another_school_s_request_is_a_404(app, db, half_on_paper, session_factory):
    with session_factory() as session:
        enter_tenant(session, by_uai(session, "0700827U").id)
        them = next(each.email for each in people.members(session, frozenset({Role.HEAD, Role.SECRETARIAT})))
    client = app.test_client()
    client.post(f"/demo/entrer/{people.by_email(db, them).id}")
    before = kept(db)
    for uai in (UAI, "0700827U"):
        assert send(client, uai, half_on_paper, HOST).status_code == 404
        assert client.get(f"/ecole/{uai}/signatures/{half_on_paper.id}/papier").status_code == 404
        assert client.get(f"/ecole/{uai}/signatures/{half_on_paper.id}/a-imprimer.pdf").status_code == 404
    assert kept(db) == before


def test_a_form_sent_twice_records_one_signature(db, office, half_on_paper):
    assert send(office, UAI, half_on_paper, HOST).status_code == 302
    before = kept(db)
    again = send(office, UAI, half_on_paper, HOST)
    assert again.status_code == 409
    assert "Karim Benali a déjà répondu" in page(again)
    assert kept(db) == before


@pytest.mark.parametrize("end", ["refused", "withdrawn", "complete"])
def test_a_closed_document_takes_no_paper(end, db, office, half_on_paper, seeded):
    now = NOW
    if end == "refused":
        other = signer_of(db, half_on_paper, "tutor")
        use_cases.refuse(db, other.id, reason="Non.", authentication=texts.BY_LINK, now=now)
    elif end == "withdrawn":
        use_cases.withdraw(
            db, half_on_paper.id, Actor("Chantal Roy", OFFICE, "establishment", "account"), now
        )
    else:
        for each in half_on_paper.signers:
            sign_online(db, each.id, half_on_paper.frozen_hash)
    db.commit()
    before = kept(db)
    answer = send(office, UAI, half_on_paper, HOST)
    assert answer.status_code == 409
    assert "n’est plus ouvert à la signature" in page(answer)
    assert "Personne n’est plus attendu" in page(answer)
    assert kept(db) == before


def sign_online(db, signer_id, shown):
    use_cases.sign(
        db, signer_id, shown_hash=shown, consent=True, consent_text=texts.CONSENT,
        authentication=texts.BY_LINK, kek=KEK, now=NOW,
    )  # fmt: skip


def test_of_a_paper_and_a_click_at_the_same_instant_one_wins(db, half_on_paper, session_factory):
    account = people.by_email(db, OFFICE)
    voucher = paper.Voucher(account.id, "Chantal Roy", account.email, frozenset({Role.SECRETARIAT}))
    target, shown, tenant = (
        signer_of(db, half_on_paper, "student").id,
        half_on_paper.frozen_hash,
        half_on_paper.tenant_id,
    )
    barrier, lost = threading.Barrier(2), []
    db.rollback()

    def one(act):
        with session_factory() as session:
            enter_tenant(session, tenant)
            barrier.wait()
            try:
                act(session)
                session.commit()
            except Conflict as error:
                lost.append(error.message)

    def click(session):
        sign_online(session, target, shown)

    def vouch(session):
        paper.vouch(
            session, target, voucher=voucher, shown_hash=shown,
            signed_on=TODAY, scan=PNG, consent=True, kek=KEK, now=NOW,
        )  # fmt: skip

    threads = [threading.Thread(target=one, args=(act,)) for act in (click, vouch)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    request = fresh(db, half_on_paper)
    assert len(lost) == 1
    kinds = [row.kind for row in events_of(db, request.evidence_subject)]
    assert len(kinds) == 2
    papers = db.scalar(select(func.count(PaperSignature.id)))
    assert papers == (kinds[1] == "signed-on-paper")
    assert audit(db, NOW).faults == ()


def test_the_guardian_of_a_minor_signs_on_paper_is_told_and_may_object(app, db, office, half_on_paper):
    guardian = signer_of(db, half_on_paper, "student")
    assert guardian.capacity == "Représentant légal de l’élève"
    token = links.new_link(db, guardian, NOW)
    db.commit()
    assert send(office, UAI, half_on_paper, "student", GOOD["pdf"]).status_code == 302
    db.rollback()
    mail = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signed-on-paper")).one()
    assert mail.recipient == guardian.email
    assert "Si vous n’avez pas signé ce papier" in mail.body
    shown = page(app.test_client().get(f"/signer/{token}"))
    assert "Votre signature sur papier du" in shown
    assert "Chantal Roy (secrétariat) a vu l’original" in shown
    assert "Vous avez signé" not in shown
