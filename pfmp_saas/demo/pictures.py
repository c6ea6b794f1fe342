"""`make pictures`: every main page of the running demonstration as a picture, phone and desk, by day and by night."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

OFFICE, HEAD, TEACHER = "Chantal Roy", "Hélène Maréchal", "Marc Petit"
SCHOOL = "/ecole/0211033J"
PAGES = {
    "accueil": (None, "/"),
    "connexion": (None, "/connexion"),
    "composants": (None, "/demo/composants"),
    "aujourd-hui": (OFFICE, f"{SCHOOL}/"),
    "conventions": (OFFICE, f"{SCHOOL}/conventions"),
    "suivi": (OFFICE, f"{SCHOOL}/suivi"),
    "eleves": (OFFICE, f"{SCHOOL}/eleves"),
    "brouillon": (OFFICE, "Fontaine"),
    "horaires": (OFFICE, "Fontaine/etape/horaires"),
    "signee": (OFFICE, "Hugo Morel"),
    "a-signer": (HEAD, f"{SCHOOL}/a-signer"),
    "equipe": (HEAD, f"{SCHOOL}/equipe"),
    "convention-type": (HEAD, f"{SCHOOL}/convention-type"),
    "referent": (TEACHER, "/enseignant/0211033J/"),
    "organisme": ("Karim Benali", "/entreprise"),
    "famille": ("Hugo Morel", "/famille"),
    "ceremonie": ("Karim Benali", "sign"),
}
SIZES = {"telephone": (390, 844), "bureau": (1280, 900)}


def main() -> int:
    """Take the pictures of the demonstration at PFMP_DEMO into docs/pictures. Returns the exit code."""
    base = os.environ.get("PFMP_DEMO", "http://127.0.0.1:8000")
    to = Path(__file__).parents[2] / "docs" / "pictures"
    to.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:] or list(PAGES)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name in wanted:
            for shot, page in _pages(browser, base, name):
                page.screenshot(path=str(to / f"{name}-{shot}.png"))
        browser.close()
    return 0


def _pages(browser: Any, base: str, name: str) -> Iterator[tuple[str, Any]]:
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                locale="fr-FR",
                base_url=base,
            )
            page = context.new_page()
            _go(page, *PAGES[name])
            yield f"{size}-{'clair' if scheme == 'light' else 'sombre'}", page
            context.close()


def _go(page: Any, who: str | None, where: str) -> None:
    if who:
        page.goto("/demo")
        page.get_by_role("button", name=re.compile(f"Entrer comme {who}")).first.click()
    if where == "sign":
        page.goto("/entreprise")
        page.get_by_role("button", name=re.compile("Lire et signer")).first.click()
    elif where.startswith("/"):
        page.goto(where)
    else:
        name, _, rest = where.partition("/")
        page.goto(f"{SCHOOL}/conventions")
        page.get_by_role("link", name=re.compile(name)).first.click()
        if rest:
            page.goto(f"{page.url}/{rest}")
    page.wait_for_load_state()


if __name__ == "__main__":
    sys.exit(main())
