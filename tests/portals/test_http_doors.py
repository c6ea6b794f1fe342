"""The doors: tokens, brute force, redirections, and the headers that every page carries."""

import json
import re
import uuid
from dataclasses import replace
from importlib.resources import files

import pytest
from sqlalchemy import select

from pfmp_saas.accounts import use_cases
from pfmp_saas.app import SECRET_ADDRESSES, create_app
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.portals.limits import limiter
from tests.support.clock import NOW, still
from tests.support.databases import database_name
from tests.support.pages import HEAD, UAI, page, signer_state


def csrf(client, url="/connexion"):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(url).get_data(as_text=True))[1]


@pytest.mark.attack
def test_a_form_without_its_token_is_refused_in_french(guarded, ceremony):
    _, url, shown, _ = ceremony
    client = guarded.test_client()
    for target in (
        "/connexion",
        "/connexion/lien",
        "/verifier",
        url,
        f"{url}/refus",
        f"{url}/nouveau",
        "/deconnexion",
    ):
        answer = client.post(target, data={"shown_hash": shown, "consent": "yes"})
        assert answer.status_code == 400, target
        assert "Le formulaire a expiré" in page(answer)


@pytest.mark.attack
def test_guessing_passwords_is_slowed(guarded):
    client = guarded.test_client()
    typed = {"email": HEAD, "password": "faux-mot-de-passe", "csrf_token": csrf(client)}
    answers = [client.post("/connexion", data=typed) for _ in range(12)]
    assert [each.status_code for each in answers[:10]] == [422] * 10
    assert {each.status_code for each in answers[10:]} == {429}
    assert "Trop d’essais" in page(answers[-1])


@pytest.mark.attack
def test_new_links_are_rationed(guarded, ceremony, db, postgres, database):
    _, url, *_ = ceremony
    with postgres.admin(database_name(database)) as connection:
        connection.execute("update signing_links set expires_at = %s", [NOW])
    client = guarded.test_client()
    token = csrf(client, url)
    assert [client.post(f"{url}/nouveau", data={"csrf_token": token}).status_code for _ in range(4)] == [
        200,
        200,
        200,
        429,
    ]


def without_token(answer, email: str) -> str:
    """The page less the address sent and the form's token, which carries the second it was made in."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page(answer)).replace(email, "")


@pytest.mark.attack
def test_an_unknown_address_is_answered_like_a_known_one(app, db):
    client = app.test_client()
    for url, extra in (("/connexion", {"password": "faux-mot-de-passe"}), ("/connexion/lien", {})):
        known, unknown = (
            client.post(url, data={"email": email, **extra}) for email in (HEAD, "inconnu@nulle.example")
        )
        assert known.status_code == unknown.status_code
        assert without_token(known, HEAD) == without_token(unknown, "inconnu@nulle.example")
    while email := use_cases.take_asked(db):
        use_cases.mail_link(db, email, "https://pfmp.example", NOW)
    links = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "sign-in-link")).all()
    assert [mail.recipient for mail in links] == [HEAD]


ELSEWHERE = ("https://mal.example/", "//mal.example", "/\\mal.example", "\\\\mal.example", "javascript:alert(1)",
             "/\t/mal.example", "/\n/mal.example", " //mal.example", "http:mal.example", "/%0d%0aSet-Cookie:x=1", "//mal.example/..")  # fmt: skip


@pytest.mark.attack
@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_leads_to_ourselves_only(target, app, seeded):
    password = json.loads(files("pfmp_saas.demo").joinpath("data.json").read_text())["password"]
    answer = app.test_client().post("/connexion", data={"email": HEAD, "password": password, "next": target})
    assert answer.status_code == 302
    location = answer.headers["Location"]
    assert location.startswith("/")
    assert not re.match(r"^[\s]*[/\\][\s]*[/\\]", location), location
    assert "\r" not in location
    assert "\n" not in location
    assert "\t" not in location


def test_wrong_methods_and_pages_answer_in_french(app, seeded):
    client = app.test_client()
    for answer, status in (
        (client.get("/rien"), 404),
        (client.post("/verifier/rien"), 404),
        (client.put("/connexion"), 405),
    ):
        assert answer.status_code == status
        assert 'lang="fr"' in page(answer)
    assert client.get(f"/signer/{uuid.uuid4().hex}").status_code == 404


# --- headers


def strict(answer):
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert {"form-action 'self'", "base-uri 'none'", "frame-ancestors 'self'"} <= {
        part.strip() for part in policy.split(";")
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_every_page_carries_the_headers(app, office, ceremony, draft):
    _, signing, *_ = ceremony
    seen = 0
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods:
            url = (
                rule.rule.replace("<uai>", UAI).replace("<step>", "eleve").replace("/signer/<token>", signing)
            )
            url = re.sub(r"<uuid:convention_id>", str(draft.id), url)
            answer = office.get(re.sub(r"<[^>]+>", "x", url))
            strict(answer)
            if {rule.endpoint, rule.endpoint.partition(".")[0]} & SECRET_ADDRESSES:
                assert answer.headers["Referrer-Policy"] == "no-referrer"
            else:
                assert answer.headers["Referrer-Policy"] == "same-origin"
            if not rule.endpoint.endswith("static"):
                assert "no-store" in answer.headers["Cache-Control"]
            assert not re.search(
                r"\son\w+=|<style|\sstyle=|<script(?![^>]*\ssrc=)",
                answer.get_data().decode("latin-1")[:200_000],
            ), url
            assert "Strict-Transport-Security" not in answer.headers  # the tests' service speaks plain HTTP
            seen += 1
    assert seen > 30


def test_over_https_the_cookie_and_the_browser_stay_on_https(settings, ceremony, db):
    _, url, shown, signer = ceremony
    secure = create_app(replace(settings, base_url="https://pfmp.example"), still)
    limiter.enabled = False
    client = secure.test_client()
    first = client.get(url, base_url="https://pfmp.example")
    assert "max-age=31536000" in first.headers["Strict-Transport-Security"]
    cookie = first.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))
    token = re.search(r'name="csrf_token" value="([^"]+)"', first.get_data(as_text=True))[1]
    typed = {"csrf_token": token, "shown_hash": shown, "consent": "yes"}  # no Referer: our pages send none
    assert client.post(url, data=typed, base_url="https://pfmp.example").status_code == 302
    assert signer_state(db, signer) == "signed"
