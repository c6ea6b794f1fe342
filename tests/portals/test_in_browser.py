"""What only a browser shows, on one demonstration: forms that speak and save while one types, pages behind forms, a type edited."""

import re

import pytest
from playwright.sync_api import expect

from pfmp_saas.conventions.steps import steps_of
from pfmp_saas.types.loader import get_type
from tests.support.browser import clean, follow, leave
from tests.support.pages import HEAD, UAI
from tests.support.waiting import until

STEP = "etape/eleve"
HOLIDAYS = "19/12/2026 - 04/01/2027\n13/02/2027 - 01/03/2027"


def _open_hours(demo, page):
    page.goto(f"{demo[0]}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    page.get_by_role("link", name=re.compile("Fontaine")).click()
    page.get_by_role("link", name="Horaires").first.click()


@pytest.mark.browser
def test_what_was_typed_before_the_script_came_is_judged(demo, page):
    held = []

    def hold(route):
        held.append(route)

    page.route("**/saving-*.js", hold)
    with page.expect_request("**/saving-*.js"):
        _open_hours(demo, page)
    page.locator('[id="monday.pm.end"]').fill("19:00")
    expect(page.locator("#monday-loi")).to_have_text("")
    until(lambda: page.evaluate("true") and held)  # Playwright hands a request over between two calls
    held[0].continue_()
    expect(page.locator("#monday-loi")).to_contain_text(re.compile(r"pour un élève de 16\sans"))


@pytest.mark.browser
def test_the_law_speaks_while_one_types(demo, page):
    _open_hours(demo, page)
    end = page.locator('[id="monday.pm.end"]')
    end.fill("19:00")
    expect(page.locator("#monday-loi")).to_contain_text(re.compile(r"pour un élève de 16\sans"))
    expect(page.locator("#bilan")).to_contain_text("bloquant")
    clean(page)
    end.fill("13:00")
    expect(page.locator("#monday-loi")).to_contain_text("précède le début")
    expect(end).to_have_attribute("aria-invalid", "true")
    end.fill("16:30")
    expect(page.locator("#monday-loi")).to_have_text("")
    expect(page.locator("#bilan")).to_have_text("Rien à signaler.")
    page.reload()
    expect(end).to_have_value("16:30")


@pytest.mark.browser
def test_two_tabs_on_one_draft_see_each_other_while_one_types(demo, page):
    base, _ = demo
    mine = page
    mine.goto(f"{base}/demo")
    mine.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    mine.get_by_role("link", name=re.compile("Fontaine")).first.click()
    mine.goto(f"{mine.url}/{STEP}")
    other = mine.context.new_page()
    other.goto(mine.url)
    saved = re.compile("Enregistré à")
    other.get_by_label("Classe", exact=True).fill("1MV7")
    expect(other.locator("#enregistre")).to_have_text(saved)
    mine.get_by_label("Adresse", exact=True).fill("12 rue du Pont ")
    expect(mine.locator("#enregistre")).to_have_text(saved)
    expect(mine.get_by_label("Classe", exact=True)).to_have_value("1MV7")
    expect(mine.get_by_label("Adresse", exact=True)).to_have_value("12 rue du Pont ")
    other.get_by_label("Adresse", exact=True).fill("14 rue du Pont")
    expect(other.get_by_text("Quelqu’un d’autre a changé ce champ").first).to_be_visible()
    clean(other)
    other.get_by_label(re.compile("Prendre celle de")).check()
    expect(other.get_by_label("Adresse", exact=True)).to_have_value("12 rue du Pont")
    expect(other.get_by_text("Quelqu’un d’autre a changé ce champ")).to_have_count(0)
    other.reload()
    expect(other.get_by_label("Adresse", exact=True)).to_have_value("12 rue du Pont")


def _signs_in_again(tab, email):
    tab.get_by_label("Adresse électronique").first.fill(email)
    tab.get_by_label("Mot de passe").fill("demonstration-pfmp")
    tab.get_by_role("button", name="Entrer").click()


@pytest.mark.browser
def test_each_loss_in_a_browser_is_none(demo, page):
    """A session left in another tab, a token that is over, a step left by its links, a signer without cookies."""
    base, _ = demo
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Hélène Maréchal")).click()
    team = page.url.rstrip("/") + "/equipe"
    page.goto(team)
    page.get_by_label("Nom", exact=False).first.fill("Ana Roux")
    page.get_by_label("Adresse électronique").first.fill("ana.roux@gmial.com")
    other = page.context.new_page()
    other.goto(team)
    leave(other)
    page.get_by_role("button", name="Envoyer l’accès").click()
    expect(page.get_by_text("il reviendra")).to_be_visible()
    _signs_in_again(page, HEAD)
    expect(page.get_by_label("Nom", exact=False).first).to_have_value("Ana Roux")
    page.locator("input[name=csrf_token]").evaluate_all("all => all.forEach(e => { e.value = 'vieux'; })")
    page.get_by_role("button", name="Envoyer l’accès").click()
    expect(page.get_by_text("rien n’est perdu")).to_be_visible()
    expect(page.get_by_label("Nom", exact=False).first).to_have_value("Ana Roux")
    page.get_by_role("button", name="Envoyer l’accès").click()
    page.get_by_role("button", name="Oui, corriger en ana.roux@gmail.com").click()
    expect(page.get_by_text("ana.roux@gmail.com").first).to_be_visible()

    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    page.goto(page.url.rstrip("/") + "/conventions?q=Fontaine")
    page.get_by_role("link", name=re.compile("Fontaine")).first.click()
    page.goto(f"{page.url}/{STEP}")
    page.get_by_label("Adresse", exact=True).fill("15 rue du Pont")
    page.get_by_role("button", name="Dates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dates")
    page.get_by_role("button", name="L’élève").click()
    expect(page.get_by_label("Adresse", exact=True)).to_have_value("15 rue du Pont")

    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Karim Benali")).first.click()
    page.goto(f"{base}/entreprise")
    page.get_by_role("button", name=re.compile("Lire et signer")).first.click()
    page.locator("[name=consent]").check()
    page.context.clear_cookies()  # as a browser that keeps none
    page.get_by_role("button", name="Je signe").click()
    expect(page.get_by_text("cookies")).to_be_visible()
    page.get_by_role("link", name="Rouvrir le document").click()
    expect(page.get_by_role("button", name="Je signe")).to_be_visible()


@pytest.mark.browser
def test_every_step_reads_well_on_a_phone(demo, page):
    base, _ = demo
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).click()
    page.get_by_role("link", name=re.compile("Fontaine")).click()
    at = page.url
    for slug in steps_of(get_type("national-2016")):
        page.goto(f"{at}/etape/{slug}")
        clean(page)


@pytest.mark.browser
def test_the_settings_read_well_on_a_phone(demo, page):
    base, _ = demo
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Hélène Maréchal")).click()
    page.goto(f"{base}/ecole/{UAI}/reglages")
    page.get_by_label(re.compile("Vacances scolaires")).fill(HOLIDAYS)
    page.get_by_role("button", name="Enregistrer").click()
    clean(page)


@pytest.mark.browser
def test_the_checkpoints_pages_are_clean(demo, page):
    base, _ = demo
    page.goto(f"{base}/points-de-controle")
    clean(page)
    page.get_by_role("link", name="Gustave-Eiffel").click()
    clean(page)
    assert page.get_by_text("empreinte courte").count() >= 1


@pytest.mark.browser
def test_a_school_edits_adds_drops_compares_and_adopts(demo, page):
    base, _ = demo
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile("Entrer comme Hélène Maréchal")).click()
    follow(page, "Convention-type")
    clean(page)
    page.get_by_role("button", name="Préparer une nouvelle version").click()
    clean(page)
    page.get_by_role("link", name="Modifier l’article 5", exact=True).click()
    clean(page)
    page.get_by_label("Texte").fill("{{ 7*7 }}")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("accolade isolée")
    clean(page)
    page.get_by_label("Texte").fill("La gratification suit l’accord de branche.")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Ajouter après l’article 18", exact=True).click()
    page.get_by_label("Titre").fill("Tenue de travail")
    page.get_by_label("Texte").fill("L’établissement prête la tenue.")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("checkbox").last.uncheck()
    page.get_by_role("button", name="Enregistrer les annexes").click()
    page.get_by_role("link", name="Différences").click()
    titles = page.locator("article h3")
    expect(titles).to_have_count(3)
    expect(titles.nth(0)).to_contain_text("Article 5")
    expect(titles.nth(1)).to_contain_text("Tenue de travail")
    expect(titles.nth(2)).to_contain_text("Annexes retirées")
    clean(page)
    page.get_by_role("link", name="Revenir à la version").click()
    page.get_by_label("Date de la délibération").fill("2026-10-14")
    page.get_by_role("button", name="Adopter cette version").click()
    expect(page.get_by_role("status")).to_contain_text("adoptée")
    clean(page)
