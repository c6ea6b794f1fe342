"""A session is the server's: a copied cookie ends with it, by leaving, by a change of password or of role, by idling."""

import json
import re
from datetime import timedelta
from importlib.resources import files

import pytest
from sqlalchemy import select, update

from pfmp_saas.accounts import forms, passwords, queries, roles, sessions, use_cases
from pfmp_saas.accounts.models import Account, AccountSession
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.roles import Role
from tests.support.clock import NOW
from tests.support.pages import HEAD, OFFICE, UAI, page

HOME, GOOD = f"/ecole/{UAI}/", "girafe tiroir volcan bleu"
PRESENT = json.loads(files("pfmp_saas.demo").joinpath("data.json").read_text())["password"]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:151.0) Gecko/20100101 Firefox/151.0"


def _copied(app, client):
    """A browser of a thief: it has the cookie, and nothing else."""
    thief = app.test_client()
    thief.set_cookie("session", client.get_cookie("session").value)
    assert thief.get(HOME).status_code == 200
    return thief


def _out(client):
    answer = client.get(HOME)
    return answer.status_code == 302 and "/connexion" in answer.location


def _change(client, present, new):
    return client.post("/compte/mot-de-passe", data={"present": present, "password": new, "again": new})


@pytest.mark.attack
def test_a_copied_cookie_ends_when_its_owner_leaves(app, signed_in):
    owner = signed_in(OFFICE)
    thief = _copied(app, owner)
    owner.post("/deconnexion")
    assert _out(owner)
    assert _out(thief)


@pytest.mark.attack
def test_a_copied_cookie_ends_with_the_password_and_its_owner_stays(app, signed_in):
    owner, elsewhere = signed_in(OFFICE), signed_in(OFFICE)
    assert _change(owner, PRESENT, GOOD).status_code == 302
    assert owner.get(HOME).status_code == 200
    assert _out(elsewhere)


@pytest.mark.attack
@pytest.mark.parametrize("change", ["taken", "given"])
def test_a_session_ends_when_a_role_is_given_or_taken(change, signed_in, db):
    client = signed_in(OFFICE)
    account, giving = queries.by_email(db, OFFICE), roles.Giving(None, "", NOW)
    if change == "taken":
        roles.remove_member(db, account.id, Role.SECRETARIAT.value, giving)
    else:
        roles.give(db, forms.Member(OFFICE, "Chantal Roy", Role.DDFPT), giving)
    db.commit()
    assert _out(client)


@pytest.mark.attack
@pytest.mark.parametrize(
    ("idle", "age", "is_open"),
    [
        (sessions.IDLE - timedelta(seconds=1), sessions.IDLE, True),
        (sessions.IDLE, sessions.IDLE, False),
        (timedelta(0), sessions.LONGEST - timedelta(seconds=1), True),
        (timedelta(0), sessions.LONGEST, False),
    ],
)
def test_a_session_ends_by_idling_and_by_age(idle, age, is_open, signed_in, operator):
    client = signed_in(OFFICE)
    with (
        operator.begin() as connection
    ):  # the service itself may not say that a session began at another time
        connection.execute(update(AccountSession).values(seen_at=NOW - idle, begun_at=NOW - age))
    assert _out(client) == (not is_open)


@pytest.mark.attack
def test_sessions_are_listed_and_closed_by_their_owner_alone(app, signed_in, db):
    owner, phone = signed_in(OFFICE), signed_in(OFFICE)
    listed = page(owner.get("/compte"))
    assert listed.count("ouverte le") >= 2
    assert "celle-ci" in listed
    stranger = signed_in(HEAD)
    mine = {row.id for row in db.scalars(select(AccountSession).join(Account).where(Account.email == OFFICE))}
    for session_id in mine:
        assert stranger.post(f"/compte/sessions/{session_id}/fermer").status_code == 404
    assert phone.get(HOME).status_code == 200
    assert owner.post("/compte/sessions/fermer").status_code == 302
    assert _out(phone)
    assert owner.get(HOME).status_code == 200
    again = signed_in(OFFICE)
    (other,) = re.findall(r"/compte/sessions/([0-9a-f-]{36})/fermer", owner.get("/compte").text)
    assert owner.post(f"/compte/sessions/{other}/fermer").status_code == 302
    assert _out(again)


@pytest.mark.attack
def test_the_cookie_and_the_table_hold_no_secret_of_each_other(signed_in, db):
    client = signed_in(OFFICE)
    row = db.scalars(select(AccountSession)).one()
    assert str(row.account_id) not in client.get_cookie("session").value
    assert len(row.token_hash) == 32


@pytest.mark.attack
def test_a_new_password_wants_the_present_one(signed_in, db):
    client = signed_in(OFFICE)
    for present in ("", "un autre mot de passe"):
        refused = _change(client, present, GOOD)
        assert (refused.status_code, "pas votre mot de passe actuel" in page(refused)) == (422, True)
    assert _change(client, PRESENT, GOOD).status_code == 302
    db.rollback()
    assert use_cases.sign_in(db, OFFICE, GOOD).email == OFFICE


def test_who_has_no_password_sets_one_without_another(signed_in, db):
    client = signed_in("lea.fontaine@eleve.example")
    assert 'name="present"' not in client.get("/compte").text
    assert _change(client, "", GOOD).status_code == 302


@pytest.mark.attack
@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("court", "au moins 12"),
        ("x" * 11, "au moins 12"),
        ("a" * 201, "plus de 200"),
        ("motdepasse1234", "trop courant"),
        ("azertyuiop123", "trop courant"),
        ("123456789012", "trop courant"),
        ("aaaaaaaaaaaaaa", "trop courant"),
        ("proviseure123456", "reprend votre nom"),
        ("MarechalHelene1", "reprend votre nom"),
        ("Hélène.Maréchal", "reprend votre nom"),
        ("lycee-gustave-eiffel", "reprend votre nom"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, why):
    told = passwords.fault(password, [HEAD, "Hélène Maréchal", "Lycée professionnel Gustave-Eiffel"])
    assert why in told


@pytest.mark.parametrize(
    "password", [GOOD, "éléphant 7 à réaction vert", PRESENT, "kX9#vT2!qLm8@", "正確馬電池訂書釘長城藍天"]
)
def test_a_good_password_serves(password, db):
    assert passwords.fault(password, [HEAD, "Hélène Maréchal"]) is None
    with pytest.raises(DomainError):
        use_cases.set_password(db, queries.by_email(db, HEAD), "proviseure123456")


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile/15E Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("<script>alert(1)</script>", "navigateur inconnu"),
        ("", "navigateur inconnu"),
    ],
)
def test_a_device_is_said_in_few_words(agent, said):
    assert sessions.device_of(agent) == said
