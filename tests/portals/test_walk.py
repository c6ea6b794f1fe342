"""The main job, by a real browser at 390 px, through the real web server, worker and mail catcher."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import TOP, clean, follow, leave, mails_of
from tests.support.waiting import until

PDFSIG_VALID = "Signature Validation: Signature is Valid."


def _pdfsig(path: Path) -> str:
    return subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout


@pytest.mark.browser
def test_one_convention_from_the_form_to_five_signatures(demo, page, tmp_path):
    base, var = demo
    page.goto(f"{base}/demo")
    clean(page)
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    clean(page)
    page.get_by_role("link", name=re.compile("Fontaine")).click()
    clean(page)
    for step in (
        "L’élève",
        "L’organisme d’accueil",
        "Tuteur et enseignant référent",
        "Dates",
        "Horaires",
        "Annexes",
        "Avantages et frais",
    ):
        page.get_by_role("link" if step == "L’élève" else "button", name=re.compile(step)).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(step)
        clean(page)
        page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_role("button", name="Envoyer à la signature").click()
    expect(page.get_by_role("status")).to_contain_text("cinq invitations")
    clean(page)
    detail = page.url
    until(lambda: len(mails_of(base, "À signer")) == 5)
    page.goto(f"{base}/demo/mails")
    clean(page)
    links = [re.search(r'href="([^"]+/signer/[^"]+)"', mail)[1] for mail in mails_of(base, "À signer")]
    for link in links:
        page.goto(link)
        clean(page)
        page.get_by_role("button", name="Je signe").click()
        expect(page.get_by_text("Cochez cette case")).to_be_visible()
        clean(page)
        for box in page.get_by_role(
            "checkbox"
        ).all():  # another person is signed in: it says whom one signs as
            box.check()
        page.get_by_role("button", name="Je signe").click()
        expect(page.get_by_role("status")).to_contain_text("Vous avez signé")
        clean(page)
    page.goto(detail)
    expect(page.locator(".badge")).to_have_text("signée")
    clean(page)
    pdf = tmp_path / "final.pdf"
    pdf.write_bytes(page.request.get(f"{detail}/convention.pdf").body())
    _signed_by_five(pdf, var)
    _verified_on_the_page(page, base, pdf)
    until(
        lambda: len([m for m in mails_of(base, "Signée") if ".pdf" in m]) == 6
    )  # the five, and the pupil for information


def _signed_by_five(pdf: Path, var: Path) -> None:
    seen = _pdfsig(pdf)
    assert seen.count(PDFSIG_VALID) == 6
    assert len(re.findall("- Total document signed", seen)) == 1
    trust = str(var / "trust" / "root.pem")
    command = [sys.executable, "-m", "pfmp_saas.cli.main", "verify", str(pdf), "--trust", trust, "--json"]
    good = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP)
    assert (good.returncode, json.loads(good.stdout)["ok"]) == (0, True), good.stderr
    content = bytearray(pdf.read_bytes())
    content[len(content) // 2] ^= 1
    broken = pdf.with_name("broken.pdf")
    broken.write_bytes(content)
    command[4] = str(broken)
    assert subprocess.run(command, capture_output=True, check=False, cwd=TOP).returncode == 1


def _verified_on_the_page(page: Page, base: str, pdf: Path) -> None:
    page.goto(f"{base}/verifier")
    clean(page)
    for name, verdict in (
        (pdf, "Document intact et complet"),
        (pdf.with_name("broken.pdf"), "Ne vous fiez pas"),
    ):
        page.set_input_files("#pdf", str(name))
        page.get_by_role("button", name="Vérifier").click()
        expect(page.get_by_role("status")).to_contain_text(verdict)
        clean(page)
    other = pdf.with_name("not.pdf")
    other.write_text("ceci n’est pas un PDF")
    page.set_input_files("#pdf", str(other))
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("n’est pas un PDF")).to_be_visible()
    clean(page)


def _enter_by_mail(page: Page, base: str, subject: str, who: str) -> None:
    """Follow the sign-in link of the mail that ``who`` received, and press its button."""
    mail = until(lambda: [m for m in mails_of(base, subject) if who in m])[0]
    page.goto(re.search(r'href="([^"]+/entree/[^"]+)"', mail)[1])
    clean(page)
    page.get_by_role("button", name="Entrer").click()
    clean(page)


@pytest.mark.browser
def test_after_the_signature(demo, page, tmp_path):
    base, _ = demo
    until(lambda: len(mails_of(base, "Rappel, à signer")) == 3)  # two of the five have signed that one
    _attested_by_the_host(page, base)
    _accident_declared_by_the_host(page, base)
    _judged_by_the_pupil(page, base)
    _read_by_the_school(page, base, tmp_path)


def _attested_by_the_host(page: Page, base: str) -> None:
    _enter_by_mail(page, base, "Attestation à signer", "k.benali@")
    page.get_by_label("Jours de présence effective").fill("douze")
    page.get_by_role("button", name="Préparer l’attestation").click()
    expect(page.get_by_text("Écrivez un nombre").first).to_be_visible()
    clean(page)
    page.get_by_label("Jours de présence effective").fill("14,5")
    page.get_by_role("button", name="Préparer l’attestation").click()
    clean(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Je signe").click()
    expect(page.get_by_role("status")).to_contain_text("Vous avez signé")
    until(lambda: mails_of(base, "Attestation signée"))


def _accident_declared_by_the_host(page: Page, base: str) -> None:
    page.goto(f"{base}/entreprise")
    clean(page)
    page.get_by_role("button", name=re.compile("Lire et signer.*Yanis Kaddour")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Yanis Kaddour")
    page.goto(f"{base}/entreprise")
    page.get_by_role("link", name=re.compile("Hugo Morel –")).click()
    clean(page)
    page.get_by_role("link", name="Enregistrer un accident").click()
    clean(page)
    page.get_by_role("button", name="Enregistrer l’accident").click()
    expect(page.get_by_text("Indiquez un jour et une heure qui existent").first).to_be_visible()
    clean(page)
    for label in ("Jour et heure de l’accident", "Jour et heure où"):
        page.get_by_label(re.compile(label)).fill("02/11/2026 14:30")
    page.get_by_label(re.compile("Lieu")).fill("Atelier")
    page.get_by_label(re.compile("Circonstances")).fill("Chute d’une caisse à outils sur le pied.")
    page.get_by_role("button", name="Enregistrer l’accident").click()
    # Known on a Monday at 14:30: 48 hours later, no Sunday and no public holiday between.
    expect(page.get_by_text("avant le 4 novembre 2026 à 14:30")).to_be_visible()
    clean(page)
    until(
        lambda: len(mails_of(base, "délai passé depuis le 4 novembre 2026 à 14:30")) == 4
    )  # the host, the head, the DDFPT and the office
    page.get_by_role("link", name=re.compile("Déclarer")).click()
    clean(page)
    page.get_by_role("button", name="La déclaration est faite").click()
    expect(page.get_by_text("Dites comment la déclaration est partie").first).to_be_visible()
    clean(page)
    page.get_by_label("La déclaration est partie par").fill("net-entreprises no 12")
    page.get_by_role("button", name="La déclaration est faite").click()
    expect(page.get_by_text("net-entreprises no 12")).to_be_visible()
    clean(page)
    leave(page)


def _judged_by_the_pupil(page: Page, base: str) -> None:
    _enter_by_mail(page, base, "Votre avis sur l’accueil", "hugo.morel@")
    page.get_by_role("button", name="Envoyer mon avis").click()
    expect(page.get_by_role("alert")).to_contain_text("10 points à corriger")
    clean(page)
    for question in page.locator("fieldset").all():
        question.get_by_label("Plutôt oui").check()
    page.get_by_label("Ce que j’ai appris de plus utile").fill("Régler un parallélisme.")
    page.get_by_role("button", name="Envoyer mon avis").click()
    expect(page.get_by_text("Merci. Votre avis est envoyé")).to_be_visible()
    clean(page)
    leave(page)


def _read_by_the_school(page: Page, base: str, tmp_path: Path) -> None:
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    follow(page, "Suivi")
    clean(page)
    follow(page, "Conventions")
    page.get_by_role("link", name=re.compile("Hugo Morel")).click()
    clean(page)
    pdf = tmp_path / "attestation.pdf"
    pdf.write_bytes(page.request.get(f"{page.url}/attestation.pdf").body())
    seen = _pdfsig(pdf)
    assert seen.count(PDFSIG_VALID) == 2  # the certification and the host
    page.get_by_role("link", name=re.compile("reçu le")).click()
    expect(page.get_by_text("Régler un parallélisme.")).to_be_visible()
    clean(page)
