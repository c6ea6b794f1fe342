"""Amendments through the browser's doors: the office's form and its faults, the parties' pages, the real walk."""

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from pfmp_saas.accounts import queries as people
from pfmp_saas.amendments import queries
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.moves import move
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import SignatureRequest
from tests.support.amending import NOW, TUTOR
from tests.support.browser import TOP, clean, follow, mails_of
from tests.support.pages import UAI
from tests.support.pages import page as text_of
from tests.support.waiting import until


def address(convention):
    return f"/ecole/{UAI}/conventions/{convention.id}/avenants/nouveau"


def test_the_form_sent_back_untouched_changes_nothing(office, convention, form, db):
    answer = office.post(address(convention), data=form)
    assert answer.status_code == 302
    shown = text_of(office.get(answer.headers["Location"]))
    assert "Rien encore : modifiez" in shown
    refused = office.post(f"{answer.headers['Location']}/envoyer")
    assert refused.status_code == 422
    assert "Rien ne change encore" in text_of(refused)


def test_a_saved_amendment_says_what_it_is(office, convention, form, db):
    page = office.post(address(convention), data=form | {"tutor.name": "Nora Haddad"}).headers["Location"]
    assert office.post(f"{page}/envoyer").status_code == 302
    signer = db.get_one(SignatureRequest, db.scalars(select(Amendment)).one().request_id).signers[0]
    link = new_link(db, signer, NOW)
    db.commit()
    for url in (f"{page}/avenant.pdf", f"/signer/{link}/document.pdf"):
        assert office.get(url).headers["Content-Disposition"] == "inline; filename=avenant.pdf"


def test_draft_edit_send_and_abandon(office, convention, form, db):
    page = office.post(address(convention), data={**form, "periods.0.end": "12/02/2027"}).headers["Location"]
    assert "du 11/01/2027 au 12/02/2027" in text_of(office.get(page))
    assert office.get(f"{page}/apercu.pdf").data.startswith(b"%PDF")
    again = office.post(
        f"{page}/modifier", data={**form, "periods.0.end": "05/02/2027", "tutor.name": "Nora Haddad"}
    )
    assert again.status_code == 302
    shown = text_of(office.get(page))
    assert "Nora Haddad" in shown
    assert "12/02/2027" not in shown
    assert "Enregistrer et relire" in text_of(office.get(f"{page}/modifier"))
    assert office.get(address(convention)).status_code == 409
    assert office.post(f"{page}/envoyer").status_code == 302
    assert office.post(f"{page}/abandonner").status_code == 409
    assert office.post(f"{page}/modifier", data=form).status_code == 409
    assert office.post(f"{page}/retirer").status_code == 302
    assert "retiré" in text_of(office.get(page))
    other = office.post(address(convention), data={**form, "reason": "Autre"}).headers["Location"]
    assert office.post(f"{other}/abandonner").status_code == 302
    db.rollback()
    assert [row.state for row in queries.of_convention(db, convention.id)] == ["withdrawn"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": "  "}, "Dites pourquoi, sans aucun détail de santé"),
        ({"reason": "x" * 2001}, "2000 caractères au plus"),
        ({"nature": "annulation"}, "Choisissez la nature"),
        ({"outcome": "zut"}, "Choisissez l’une des réponses"),
        ({"periods.0.start": "", "periods.0.end": ""}, "Donnez au moins une période"),
        ({"periods.0.end": ""}, "Donnez le début et la fin"),
        ({"periods.0.end": "04/01/2027"}, "La fin précède le début"),
        ({"periods.0.end": "demain"}, "n’est pas une date"),
        (
            {"periods.1.start": "05/02/2027", "periods.1.end": "09/02/2027"},
            "commence avant la fin de la précédente",
        ),
        ({"monday.am.start": "25:00"}, "donnez une heure de début"),
        ({"monday.am.end": ""}, "donnez une heure de début et une heure de fin"),
        ({"tutor.email": "nora"}, "n’est pas une adresse électronique"),
        ({"days": "12/01/2027 peut-être"}, "écrivez « 12/01/2027 08:00-12:00"),
        ({"tutor.name": "N\x00"}, None),
        ({"tutor.name": "<script>alert(1)</script>", "reason": "{{ 7*7 }}{frozen_hash}"}, None),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(office, convention, form, db, wrong, said):
    answer = office.post(address(convention), data={**form, **wrong, "tutor.function": "Adjointe"})
    if said is None:
        assert answer.status_code == 302
        shown = office.get(answer.headers["Location"]).text
        assert "<script>alert" not in shown
        assert "49" not in text_of(office.get(answer.headers["Location"])).split("Motif")[1][:40]
        return
    assert answer.status_code == 422
    shown = text_of(answer).replace("\xa0", " ")
    assert said in shown
    assert 'value="Adjointe"' in shown
    db.rollback()
    assert db.scalars(select(Amendment)).all() == []


def test_a_period_already_attested_is_amended_no_more(office, db, convention):
    move(db, Attestation, attestations.of_convention(db, convention.id).id, "send")
    db.commit()
    answer = office.get(address(convention))
    assert answer.status_code == 409
    assert "déjà préparée ou signée" in text_of(answer)
    assert "Préparer un avenant" not in text_of(office.get(f"/ecole/{UAI}/conventions/{convention.id}"))


def test_nothing_is_attested_while_an_amendment_is_in_signature(app, db, seeded, convention, office, form):
    page = office.post(address(convention), data={**form, "periods.0.end": "29/01/2027"}).headers["Location"]
    office.post(f"{page}/envoyer")
    db.rollback()
    row = attestations.of_convention(db, convention.id)
    row.due_on = NOW.date() - timedelta(days=30)
    db.commit()
    host = app.test_client()
    host.post(f"/demo/entrer/{people.by_email(db, 'k.benali@garage-ducs.example').id}")
    figures = {"effective_days": "15", "place": "Chenôve"}
    refused = host.post(f"/entreprise/{UAI}/attestations/{row.id}", data=figures)
    assert (refused.status_code, "est en signature" in text_of(refused)) == (409, True)
    office.post(f"{page}/retirer")
    assert host.post(f"/entreprise/{UAI}/attestations/{row.id}", data=figures).status_code == 302


def test_everyone_waiting_is_reminded(office, convention, form, db):
    page = office.post(address(convention), data={**form, "periods.0.end": "12/02/2027"}).headers["Location"]
    office.post(f"{page}/envoyer")
    db.rollback()
    (row,) = queries.of_convention(db, convention.id)
    before = len(db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signing-renewal")).all())
    answer = office.post(f"/ecole/{UAI}/signatures/{row.request_id}/relancer")
    assert answer.headers["Location"].endswith(f"/avenants/{row.id}")
    db.rollback()
    after = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signing-renewal")).all()
    assert len(after) == before + 5


def _met_in_the_host_s_space(page, base):
    """The host finds it in the inbox and on the convention's page; its button leads to the ceremony."""
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Karim Benali")).first.click()
    page.goto(f"{base}/entreprise")
    clean(page)
    expect(page.get_by_text("Avenant no 1").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Hugo Morel –")).click()
    clean(page)
    page.get_by_role("button", name="Lire et signer l’avenant no 1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avenant no 1")
    clean(page)
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()


@pytest.mark.browser
def test_an_amendment_from_its_form_to_its_proof(demo, page, tmp_path):
    """The secretary changes Hugo Morel's tutor; the two whom it concerns sign from their mails; the bundle verifies with pfmp verify."""
    base, var = demo
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    follow(page, "Conventions")
    page.get_by_role("link", name=re.compile("Morel")).click()
    detail = page.url
    page.get_by_role("link", name="Préparer un avenant").click()
    clean(page)
    page.get_by_role("button", name="Enregistrer et relire").click()
    expect(page.get_by_text("Dites pourquoi").first).to_be_visible()
    clean(page)
    page.get_by_label("Nature de l’avenant").select_option("change")
    page.get_by_label("Motif imprimé sur l’avenant").fill("Madame Lambert quitte l’entreprise.")
    for name, value in TUTOR.items():
        page.locator(f'[name="tutor.{name}"]').fill(value)
    page.get_by_role("button", name="Enregistrer et relire").click()
    clean(page)
    page.get_by_role("button", name="Envoyer à la signature").click()
    expect(page.get_by_role("status")).to_contain_text("L’avenant est parti")
    clean(page)
    amendment = page.url
    _met_in_the_host_s_space(page, base)
    until(lambda: len(mails_of(base, "À signer : Avenant no 1")) == 2)
    links = [
        re.search(r'href="([^"]+/signer/[^"]+)"', m)[1] for m in mails_of(base, "À signer : Avenant no 1")
    ]
    for link in links:
        page.goto(link)
        for box in page.get_by_role(
            "checkbox"
        ).all():  # the office is signed in: it says that it signs as another
            box.check()
        page.get_by_role("button", name="Je signe").click()
        expect(page.get_by_role("status")).to_contain_text("Vous avez signé")
    page.goto(amendment)
    expect(page.locator(".badge")).to_have_text("signé")
    clean(page)
    until(lambda: len([m for m in mails_of(base, "Signé : Avenant no 1") if ".pdf" in m]) >= 5)
    proof = tmp_path / "preuve.zip"
    proof.write_bytes(page.request.get(f"{amendment}/preuve.zip").body())
    command = [
        sys.executable,
        "-m",
        "pfmp_saas.cli.main",
        "verify",
        str(proof),
        "--json",
        "--trust",
        str(var / "trust" / "root.pem"),
    ]
    told = json.loads(subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout)
    assert (told["ok"], told["kind"], told["source"], len(told["signatures"])) == (
        True,
        "amendment",
        "bundle",
        2,
    )
    page.goto(detail)
    expect(page.get_by_text("Avenant no 1").first).to_be_visible()
    clean(page)
