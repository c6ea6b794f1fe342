"""A passkey by a real browser, whose authenticator Chromium plays: made on one page, asked on another."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import clean, leave
from tests.support.pages import HEAD
from tests.support.second_factors import PAGE, PASSWORD

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _enter(page, site):
    page.goto(f"{site}/connexion")
    page.locator("#email").fill(HEAD)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Entrer").click()


@pytest.mark.browser
def test_a_passkey_is_made_then_asked(site, page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    _enter(page, site)
    page.goto(f"{site}{PAGE}")
    clean(page)
    page.locator("#present").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    clean(page)
    page.locator("#name").fill("téléphone")
    page.get_by_role("button", name="Créer la clé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    clean(page)
    page.get_by_role("link", name="Je les ai gardés").click()
    expect(page.get_by_text("Clé d’accès – téléphone")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Ajouter une application").click()
    expect(page.locator("main img")).to_be_visible()
    clean(page)
    leave(page)
    _enter(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("Encore une étape")
    clean(page)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("status")).to_contain_text("n’a pas répondu")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("button", name="Utiliser ma clé d’accès")).to_have_count(0)
    page.goto(f"{site}{PAGE}")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()  # the proof, by the passkey too
    expect(page.get_by_role("button", name="Ajouter une application")).to_be_visible()
