"""What a link no longer opens: an old signature's, an expired one's, a replaced person's; and what each page offers."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from pfmp_saas.accounts import use_cases
from pfmp_saas.core.database import db as database
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.portals.limits import limiter
from pfmp_saas.signing.links import FILE_OPEN
from tests.support.clock import NOW
from tests.support.pages import HEAD, page

STRANGER = "inconnu@nulle.example"


def _files(app):
    """The routes behind a link that give a file."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("ceremony.") and "." in rule.rule.rpartition("/")[2]
    ]


STATES = {
    "signed long ago": {"signed_at": NOW - FILE_OPEN - timedelta(seconds=1)},
    "refused long ago": {"signed_at": None, "refused_at": NOW - FILE_OPEN - timedelta(days=9)},
    "replaced": {"replaced_at": NOW},
}


@pytest.mark.attack
@pytest.mark.parametrize("state", STATES)
def test_no_route_behind_a_link_gives_a_file_once_it_has_closed(state, app, db, old):
    token, signer = old
    for name, value in STATES[state].items():
        setattr(signer, name, value)
    db.commit()
    client = app.test_client()
    assert client.get(f"/signer/{token}").status_code == 410
    assert len(_files(app)) == 2
    for rule in _files(app):
        answer = client.get(rule.replace("<token>", token))
        assert (answer.status_code, answer.mimetype) == (410, "text/html"), rule
        assert _named(answer) == set()


def _named(answer):
    """Which other signers a page names."""
    return set(re.findall("Maréchal|Benali", page(answer)))


def test_on_the_ninetieth_day_the_link_still_gives_the_document(app, db, old):
    token, signer = old
    signer.signed_at = NOW - FILE_OPEN
    db.commit()
    client = app.test_client()
    assert client.get(f"/signer/{token}/document.pdf").data.startswith(b"%PDF")
    assert _named(client.get(f"/signer/{token}")) == {"Maréchal", "Benali"}


def test_an_old_link_sends_a_fresh_one_to_the_same_address_once_a_day(app, db, old):
    token, signer = old
    client = app.test_client()
    shown = client.get(f"/signer/{token}")
    assert "Vous avez signé le" in page(shown)
    assert "Recevoir un lien neuf" in page(shown)
    for _ in range(2):
        assert client.post(f"/signer/{token}/nouveau").status_code == 200
    db.rollback()
    (mail,) = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "file-link")).all()
    assert mail.recipient == signer.email
    fresh = re.search(r"/signer/([A-Za-z0-9_-]+)", mail.body)[1]
    assert client.get(f"/signer/{fresh}/document.pdf").data.startswith(b"%PDF")
    assert "Ce lien a fait son travail" in page(client.get(f"/signer/{fresh}"))


@pytest.mark.attack
def test_a_replaced_person_is_told_whom_to_ask(app, db, old):
    token, signer = old
    signer.replaced_at = NOW
    db.commit()
    answer = app.test_client().get(f"/signer/{token}")
    assert answer.status_code == 410
    assert "Une autre personne a pris votre place" in page(answer)
    assert app.test_client().post(f"/signer/{token}/nouveau").status_code == 410
    db.rollback()
    assert db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "file-link")).all() == []


def _statements(engine, client, email):
    """What PostgreSQL is asked while a link is asked for an address."""
    asked = []

    def note(*arguments):
        asked.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    client.post("/connexion/lien", data={"email": email})
    event.remove(engine, "before_cursor_execute", note)
    return asked


@pytest.mark.attack
def test_a_link_is_asked_by_the_same_work_for_any_address(app, db):
    """Time is what an unknown address could be told by: the page asks PostgreSQL the same for both."""
    client = app.test_client()
    client.post("/connexion/lien", data={"email": HEAD})
    with app.app_context():
        seen = [_statements(database.engine, client, email) for email in (HEAD, STRANGER)]
    assert seen[0] == seen[1]
    assert any("asked_links" in statement for statement in seen[0])
    asked = []
    while email := use_cases.take_asked(db):
        asked.append(email)
        use_cases.mail_link(db, email, "https://pfmp.example", NOW)
    assert sorted(asked) == sorted([HEAD, HEAD, STRANGER])
    mails = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "sign-in-link")).all()
    assert {each.recipient for each in mails} == {HEAD}


@pytest.mark.attack
def test_a_class_behind_one_address_signs_and_a_guesser_is_stopped(guarded, db, old):
    token, _ = old
    client = guarded.test_client()
    assert limiter.enabled
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/connexion").text)[1]
    class_ = [f"eleve{number}@eleve.example" for number in range(35)]
    asked = [client.post("/connexion/lien", data={"email": each, "csrf_token": csrf}) for each in class_]
    assert {answer.status_code for answer in asked} == {200}
    one = [client.post("/connexion/lien", data={"email": HEAD, "csrf_token": csrf}) for _ in range(4)]
    assert [answer.status_code for answer in one] == [200, 200, 200, 429]
    wrong = {"password": "faux-mot-de-passe", "csrf_token": csrf}
    guessed = [client.post("/connexion", data={"email": HEAD, **wrong}).status_code for _ in range(11)]
    assert guessed == [422] * 10 + [429]
    assert client.post("/connexion", data={"email": STRANGER, **wrong}).status_code == 422
    doors = ("/signer", "/entree")  # one count for both: a guesser tries every door
    opened = [client.get(f"{doors[number % 2]}/{'x' * 20}{number}").status_code for number in range(102)]
    assert opened == [404] * 100 + [429] * 2
    assert client.get(f"/signer/{token}").status_code == 410  # known, closed: not slowed
