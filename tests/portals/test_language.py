"""A ceremony in English, chosen by the signer: complete, and what is signed stays the French text."""

import gettext
import re
import subprocess
import sys

from pfmp_saas.conventions.freeze import five_of
from pfmp_saas.core.text import DAYS
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.portals.filters import Typography
from pfmp_saas.portals.public.remarks import ASKED
from pfmp_saas.signing import errors, texts
from tests.support.browser import TOP
from tests.support.clock import NOW
from tests.support.law import convention
from tests.support.pages import page

CATALOGUE = TOP / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PAGES = (
    "base",
    "components/convention",
    "portals/public/ceremony",
    "portals/public/changed",
    "portals/public/renewed",
    "portals/public/remark",
    "portals/public/told",
)


def asked():
    """Every text that the pages of a ceremony take from the catalogue."""
    for name in PAGES:
        source = (TOP / "templates" / f"{name}.html").read_text(encoding="utf-8")
        yield from re.findall(r'\b_\("([^"]+)"', Typography.preprocess(None, source))
    for name in ("ceremony", "essentials"):
        code = (TOP / "pfmp_saas" / "portals" / "public" / f"{name}.py").read_text(encoding="utf-8")
        yield from re.findall(r'gettext\(\s*"([^"]+)"', code)
    yield from DAYS.values()
    yield from (each.capacity for each in five_of(convention(), NOW.date()))
    yield from (
        each.sentence
        for each in (
            errors.Closed,
            errors.Changed,
            errors.NoConsent,
            errors.NoReason,
            errors.OtherSession,
            errors.Questioned,
            errors.NoWords,
            errors.NoCode,
            errors.WrongCode,
            errors.CodeOver,
        )
    )
    yield from (text for texts_of in ASKED.values() for text in texts_of)
    yield texts.CONSENT


def test_every_text_of_a_ceremony_is_in_the_catalogue_and_the_catalogue_is_compiled(tmp_path):
    made = CATALOGUE.with_suffix(".mo")
    with made.open("rb") as file:
        english = gettext.GNUTranslations(file)
    untouched = {"Service", "Signatures"}
    assert [text for text in asked() if english.gettext(text) == text and text not in untouched] == []
    again = tmp_path / "messages.mo"
    compiling = [sys.executable, "-m", "babel.messages.frontend", "compile", "-i", CATALOGUE, "-o", again]
    subprocess.run(compiling, check=True, capture_output=True)
    assert again.read_bytes() == made.read_bytes()


def test_a_signer_chooses_english_and_signs_the_french_text(app, ceremony, db):
    _, url, shown, _ = ceremony
    client = app.test_client()
    french = page(client.get(url))
    assert 'href="?langue=en"' in french
    english = page(client.get(f"{url}?langue=en"))
    assert '<html lang="en">' in english
    assert "you sign as:" in english
    assert "Monday to Friday" in english
    assert re.search(r"\d+ [A-Z][a-z]+ – \d+ [A-Z][a-z]+", english) or "–" in english
    assert "I have read this document in full." in english
    assert texts.CONSENT in english
    refused = client.post(url, data={"shown_hash": shown})
    assert "Tick this box" in page(refused)
    refused = client.post(f"{url}/refus", data={})
    assert "Say why" in page(refused)
    signed = client.post(url, data={"shown_hash": shown, "consent": "oui"}, follow_redirects=True)
    assert "You signed on" in page(signed)
    assert "has not signed yet" in page(signed)
    assert '<html lang="fr">' in client.get("/connexion").text
    assert "vous signez" not in page(signed)
    assert '<html lang="fr">' in client.get(f"{url}?langue=fr").text
    db.rollback()
    assert db.query(EvidenceEvent).filter_by(kind="signed").count() >= 1
