"""Every page that a role can reach by its links: no axe violation, no dead link; at 320 px and with letters twice as large
nothing too wide; targets of 24 px; by keyboard, the focus on every control, in sight."""

import re
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from tests.support.browser import clean
from tests.support.reach import begins_high, reachable_by_all, walked_by_keyboard

ROLES = {
    "Exploitation PFMP": "operator",
    "Hélène Maréchal": "head",
    "Chantal Roy": "secretariat",
    "Marc Petit": "referent",
    "Karim Benali": "host",
    "Hugo Morel": "student",
    "Karima Kaddour": "guardian",
}
SAME_AS_HEAD = "Chantal Roy"
"""Whose pages are the head's too: they are walked in full once, and once more among the long tests."""
SKIPPED = re.compile(r"\.(pdf|zip|xlsx|csv|ics|eml|css|json|txt|py|pem)$|^/demo")


def _shape(path: str) -> str:
    """Return a path with its identifiers taken out: one visit a kind of page is enough."""
    return re.sub(r"[0-9a-f-]{36}|[0-9]{7}[A-Z]", "…", path)


@pytest.mark.browser
@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=pytest.mark.long) if each == SAME_AS_HEAD else each for each in ROLES]
)
def test_every_linked_page_is_clean(demo, page, name):
    base, _ = demo
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile(f"Entrer comme {name}")).first.click()
    seen, waiting = set(), [(urlparse(page.url).path, 0)]
    while waiting:
        path, clicks = waiting.pop(0)
        if _shape(path) in seen or SKIPPED.search(path):
            continue
        seen.add(_shape(path))
        answer = page.goto(base + path)
        assert answer is not None
        assert answer.status == 200, path
        assert clicks <= 3, path
        clean(page)
        begins_high(page)
        if name != SAME_AS_HEAD:
            walked = walked_by_keyboard(page)
            assert (walked[0], len(walked) > 4) == ("A Aller au contenu", True), path
            reachable_by_all(page)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        waiting += [(urlparse(link).path, clicks + 1) for link in links if link.startswith(base)]
    assert len(seen) >= 3, seen


TREES = {
    "Fontaine/etape/encadrement": """
      - navigation "Fil d’Ariane":
        - list
      - heading "Tuteur et enseignant référent" [level=1]
      - navigation "Étapes":
        - list:
          - listitem:
            - button "L’élève"
      - 'textbox "Tuteur : nom"'
      - 'textbox "Tuteur : adresse électronique"'
      - combobox "Enseignant référent"
      - status
      - button "Enregistrer et continuer"
    """,
    "/ecole/0211033J/conventions?q=Fontaine": """
      - navigation "Espace établissement":
        - list:
          - listitem:
            - link "Aujourd’hui"
      - banner:
        - search:
          - searchbox "Chercher une convention"
      - main:
        - heading "Conventions" [level=1]
        - link "Nouvelle convention"
        - combobox "Classe"
        - table:
          - rowgroup:
            - row:
              - columnheader "Élève"
              - columnheader "Signatures"
    """,
}
"""What a screen reader is told of a form and of the list of conventions: names and roles, in their order."""
CEREMONY = """
  - heading /Convention de PFMP/ [level=1]
  - text: /vous signez en qualité de/
  - checkbox /./
  - button "Je signe"
"""


@pytest.mark.browser
def test_a_screen_reader_is_told_names_and_roles(demo, page):
    base, _ = demo
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).first.click()
    page.goto(f"{base}/ecole/0211033J/conventions?q=Fontaine")
    draft = page.get_by_role("link", name=re.compile("Fontaine")).first.get_attribute("href")
    page.set_viewport_size({"width": 1280, "height": 900})
    for path, tree in TREES.items():
        page.goto(base + path.replace("Fontaine/", f"{draft or ''}/"))
        expect(page.locator("body")).to_match_aria_snapshot(tree)
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Karim Benali")).first.click()
    page.goto(f"{base}/entreprise")
    page.get_by_role("button", name=re.compile("Lire et signer")).first.click()
    expect(page.locator("main")).to_match_aria_snapshot(CEREMONY)


WRONG = {
    "Hélène Maréchal": {
        "/ecole/0211033J/equipe": ("Envoyer l’accès", {}),
        "/ecole/0211033J/reglages": ("Enregistrer", {"Convention-type votée par le conseil": "hier", "Vacances": "bientôt"}),
        "/ecole/0211033J/apparence": ("Enregistrer", {"Couleur de": "rouge"}),
        "/compte": ("Enregistrer", {"Nouveau mot de passe": "court"}),
    },
    "Chantal Roy": {
        "Fontaine/etape/horaires": ("Remplir ces jours", {"Heures": "9h-8h"}),
        "Fontaine/etape/encadrement": ("Enregistrer et continuer", {"Tuteur.: adresse": "ana@gmial.com"}),
        "Fontaine/etape/dates": ("Enregistrer et continuer", {"Au$": "31/02/2027"}),
    },
}  # fmt: skip


@pytest.mark.browser
def test_a_form_that_is_refused_is_clean_and_its_summary_has_the_focus(demo, page):
    base, _ = demo
    for name, pages in WRONG.items():
        page.goto(f"{base}/demo")
        page.get_by_role("button", name=re.compile(f"Entrer comme {name}")).first.click()
        page.goto(f"{base}/ecole/0211033J/conventions?q=Fontaine")
        draft = page.get_by_role("link", name=re.compile("Fontaine")).first.get_attribute("href")
        for path, (button, typed) in pages.items():
            page.goto(base + path.replace("Fontaine", draft or ""))
            for details in page.locator("main details.once > summary").all():
                details.click()
            for label, text in typed.items():
                page.get_by_label(re.compile(f"^{label}")).first.fill(text)
            page.get_by_role("button", name=button, exact=True).first.click()
            expect(page).to_have_title(re.compile(r"^Erreur\s:"))
            expect(page.locator("#erreurs")).to_be_focused()
            clean(page)
            reachable_by_all(page)
