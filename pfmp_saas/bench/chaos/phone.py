"""A person with a phone: a real Chromium, 390 px wide, that opens the link of a mail and signs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

_CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


@contextmanager
def phone() -> Iterator[Page]:
    """Give a page of a phone's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM)
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="fr-FR", has_touch=True, is_mobile=True
        )
        yield context.new_page()
        browser.close()


def sign(page: Page, address: str, rank: int) -> float:
    """Open the link, consent, sign, and wait for the page that says so; return the seconds that all of it took."""
    page.context.clear_cookies()
    page.context.set_extra_http_headers({"X-Forwarded-For": f"10.200.0.{rank}"})
    began = time.perf_counter()
    page.goto(address)
    page.locator("#consent").check()
    page.get_by_role("button", name="Je signe").tap()
    page.locator(".done-mark").wait_for()
    return time.perf_counter() - began
