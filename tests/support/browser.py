"""A whole service (`make demo`'s own) and a phone-sized Chromium to meet it with."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect, sync_playwright

from pfmp_saas.demo.run import SMALL
from pfmp_saas.demo.services import free_port
from tests.support.databases import roomy_memory
from tests.support.waiting import until

TOP = Path(__file__).parents[2]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE = 30_000
"""Milliseconds that a browser waits for a state: other work runs beside it when the suite does."""
expect.set_options(timeout=PATIENCE)


@contextmanager
def running_demo() -> Iterator[tuple[str, Path]]:
    """Give the address of a demonstration of its own and the directory of its state."""
    # Not under pytest's own directory: its permissions shut out the account that PostgreSQL runs as.
    var, port = Path(tempfile.mkdtemp(prefix="pfmp-demo-", dir=roomy_memory())), free_port()
    env = {**os.environ, "PFMP_VAR": str(var), "PORT": str(port), SMALL: "1"}
    log = var / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pfmp_saas.demo.run"], cwd=TOP, env=env, stdout=out, stderr=out
        )
    try:
        until(
            lambda: process.poll() is not None or "PFMP tourne" in log.read_text(), log.read_text, seconds=180
        )
        assert process.poll() is None, log.read_text()
        yield f"http://127.0.0.1:{port}", var
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(var)


@contextmanager
def phone() -> Iterator[Page]:
    """Give a page of a browser 390 px wide."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        browser.close()


def leave(page: Page) -> None:
    """Sign out, by the person's menu."""
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()


def follow(page: Page, entry: str) -> None:
    """Go to a place of the space by its navigation: in a phone's bar, or behind « Plus »."""
    bar = page.locator(".side > ul > li > a.entry:visible", has_text=entry)
    if not bar.count():
        page.locator(".more summary").click()
        bar = page.locator(".more a.entry", has_text=entry)
    bar.click()


def clean(page: Page) -> None:
    """No axe violation, and nothing wider than the phone."""
    found = until(lambda: _axe(page))
    assert found is not None
    violations = json.dumps(found.response["violations"], ensure_ascii=False)[:3000]
    assert found.violations_count == 0, (page.url, violations)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def _axe(page: Page) -> AxeResults | None:
    """Run axe on the page once it is loaded; None when it went away meanwhile: a click's next page was on its way."""
    page.wait_for_load_state("load")
    try:
        return Axe().run(page)
    except PlaywrightError:
        return None


def mails_of(base: str, subject: str) -> list[str]:
    text = urlopen(f"{base}/demo/mails").read().decode().replace("\N{NO-BREAK SPACE}", " ")
    return [part for part in text.split("<article")[1:] if subject in part]
