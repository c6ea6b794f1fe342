"""The main job, by a real browser at 390 px, through the real web server, worker and mail catcher."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from pfmp_saas.cli.services import free_port

TOP = Path(__file__).parents[1]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
PDFSIG_VALID = "Signature Validation: Signature is Valid."


@pytest.fixture(scope="module")
def demo():
    # Not under pytest's own directory: its permissions shut out the account that PostgreSQL runs as.
    var, port = Path(tempfile.mkdtemp(prefix="pfmp-walk-")), free_port()
    env = {**os.environ, "PFMP_VAR": str(var), "PORT": str(port)}
    log = (var / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "pfmp_saas.cli.demo"], cwd=TOP, env=env, stdout=log, stderr=log
    )
    try:
        _until(lambda: "PFMP tourne" in (var / "log").read_text(), (var / "log").read_text)
        yield f"http://127.0.0.1:{port}", var
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(var)


def _until(found, why=str, seconds=60):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        result = found()
        if result:
            return result
        time.sleep(0.3)
    raise AssertionError(f"nothing after {seconds} s: {why()}")


@pytest.fixture
def page(demo):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
        yield context.new_page()
        browser.close()


def _clean(page: Page) -> None:
    """No axe violation, and nothing wider than the phone."""
    found = Axe().run(page)
    assert found.violations_count == 0, (
        page.url,
        json.dumps(found.response["violations"], ensure_ascii=False)[:3000],
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def _mails(base: str, subject: str) -> list[str]:
    text = urlopen(f"{base}/demo/mails").read().decode()
    return [part for part in text.split("<article")[1:] if subject in part]


def _pdfsig(path: Path) -> str:
    return subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout


@pytest.mark.browser
def test_one_convention_from_the_form_to_five_signatures(demo, page, tmp_path):
    base, var = demo
    page.goto(f"{base}/demo")
    _clean(page)
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    _clean(page)
    page.get_by_role("link", name=re.compile("Fontaine")).click()
    _clean(page)
    for step in (
        "L’élève",
        "L’organisme d’accueil",
        "Tuteur et enseignant référent",
        "Dates",
        "Horaires",
        "Annexes",
    ):
        page.get_by_role("link", name=re.compile(step)).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(step)
        _clean(page)
        page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_role("button", name="Envoyer à la signature").click()
    expect(page.get_by_role("status")).to_contain_text("cinq invitations")
    _clean(page)
    detail = page.url
    _until(lambda: len(_mails(base, "À signer")) == 5)
    page.goto(f"{base}/demo/mails")
    _clean(page)
    links = [re.search(r'href="([^"]+/signer/[^"]+)"', mail)[1] for mail in _mails(base, "À signer")]
    for link in links:
        page.goto(link)
        _clean(page)
        page.get_by_role("button", name="Je signe").click()
        expect(page.get_by_text("Cochez cette case")).to_be_visible()
        _clean(page)
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Je signe").click()
        expect(page.get_by_role("status")).to_contain_text("Vous avez signé")
        _clean(page)
    page.goto(detail)
    expect(page.locator(".badge")).to_have_text("signée")
    _clean(page)
    pdf = tmp_path / "final.pdf"
    pdf.write_bytes(page.request.get(f"{detail}/convention.pdf").body())
    _signed_by_five(pdf, var)
    _verified_on_the_page(page, base, pdf)
    assert len(_until(lambda: [m for m in _mails(base, "Signée") if ".pdf" in m])) >= 1
    _until(lambda: len(_mails(base, "Signée")) == 6)  # the five, and the pupil for information


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
    _clean(page)
    for name, verdict in (
        (pdf, "Document intact et complet"),
        (pdf.with_name("broken.pdf"), "Ne vous fiez pas"),
    ):
        page.set_input_files("#pdf", str(name))
        page.get_by_role("button", name="Vérifier").click()
        expect(page.get_by_role("status")).to_contain_text(verdict)
        _clean(page)
    other = pdf.with_name("not.pdf")
    other.write_text("ceci n’est pas un PDF")
    page.set_input_files("#pdf", str(other))
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("n’est pas un PDF")).to_be_visible()
    _clean(page)
