"""The second factor against those who have the first: nothing opens by half, and no answer serves twice."""

import json

import pyotp
import pytest
from sqlalchemy import select, update

from pfmp_saas.accounts import factors, pending, queries, sessions, totp
from pfmp_saas.accounts.models import Account, AccountTotp, Passkey, PendingSignIn, RecoveryCode
from pfmp_saas.accounts.use_cases import make_link
from pfmp_saas.core.mail import OutgoingMail
from tests.support.authenticator import Authenticator, other_challenge
from tests.support.pages import HEAD, OFFICE, TEACHER, UAI, page
from tests.support.second_factors import PAGE, Person, codes_of, options_of

HOME = f"/ecole/{UAI}/"


def _mails(db, email):
    db.rollback()
    told = select(OutgoingMail.body).where(
        OutgoingMail.kind == "second-factor", OutgoingMail.recipient == email
    )
    return list(db.scalars(told.order_by(OutgoingMail.created_at)))


def _account(db, email):
    db.rollback()
    return queries.by_email(db, email)


def _with_passkey(person):
    """Somebody whose passkey is the only factor."""
    person.enter()
    person.prove()
    device = Authenticator()
    made = device.create(options_of(person.client.get(f"{PAGE}/cle")))
    person.codes = codes_of(person.client.post(f"{PAGE}/cle", data={"name": "téléphone", "credential": made}))
    return device


def test_an_application_is_set_up_then_asked_after_the_password(person, db):
    her = person(HEAD)
    assert her.enter(HOME).location == HOME
    other_browser = Person(her.app, her.clock, HEAD)
    other_browser.enter()
    her.prove()
    her.client.post(f"{PAGE}/application")
    shown = page(her.client.get(f"{PAGE}/application"))
    assert "data:image/svg+xml" in shown
    assert her.client.post(f"{PAGE}/application/confirmer", data={"code": "000000"}).status_code == 422
    assert not factors.held(db, _account(db, HEAD).id)
    her.with_application()
    assert len(her.codes) == 10
    assert other_browser.client.get(HOME).status_code == 302
    assert her.enter(HOME).location == "/connexion/suite"
    assert her.answer(her.code()).location == HOME
    assert her.client.get(HOME).status_code == 200
    (mail,) = _mails(db, HEAD)
    assert "une application d’authentification a été ajoutée" in mail
    assert her.secret not in page(her.client.get(PAGE))


def test_a_sign_in_link_asks_for_it_too(person, db):
    her = person(HEAD).with_application()
    account = _account(db, HEAD)
    token = make_link(db, account, her.clock())
    db.commit()
    her.client = her.app.test_client()
    assert her.client.post(f"/entree/{token}").location == "/connexion/suite"
    assert her.client.get(HOME).status_code == 302
    assert her.answer(her.code()).status_code == 302
    assert her.client.get(HOME).status_code == 200


@pytest.mark.attack
def test_a_code_serves_once_and_an_older_one_no_more(person):
    her = person(HEAD).with_application()
    seen, before = her.code(), her.code(-1)
    her.enter()
    assert her.answer(seen).status_code == 302
    her.enter()
    assert her.answer(seen).status_code == 422
    assert her.answer(before).status_code == 422
    assert her.answer(her.code(1)).status_code == 302


@pytest.mark.attack
def test_a_code_of_too_early_or_too_late_is_refused(person):
    her = person(HEAD).with_application()
    her.clock.forward(minutes=5)
    her.enter()
    for later in (-2, 2, -5):
        assert her.answer(her.code(later)).status_code == 422


@pytest.mark.attack
def test_two_at_once_have_one_code_between_them(person, db, session_factory):
    her = person(HEAD).with_application()
    account, kek, code = (
        _account(db, HEAD),
        her.app.extensions["pfmp"].settings.key_encryption_key,
        her.code(),
    )
    taken = []
    with session_factory() as other:
        (stale,) = totp.of_account(other, account.id)  # read before the first one commits
        taken.append(totp.accept(db, account.id, code, kek, her.clock()))
        db.commit()
        assert stale.last_step is not None
        taken.append(totp.accept(other, account.id, code, kek, her.clock()))
    assert taken == [True, False]


@pytest.mark.attack
def test_the_codes_of_another_account_open_nothing(person):
    thief, her = person(TEACHER).with_application(), person(HEAD).with_application()
    her.enter()
    assert her.answer(thief.code()).status_code == 422
    assert her.answer(thief.codes[0]).status_code == 422
    device = _with_passkey(person(OFFICE))
    options = json.dumps({"challenge": "AAAA"})
    assert her.answer(credential=device.get(options)).status_code == 422


@pytest.mark.attack
def test_five_wrong_answers_end_the_sign_in(person, db):
    her = person(HEAD).with_application()
    her.enter()
    answers = [her.answer(f"{number:06}") for number in range(pending.TRIES)]
    assert [answer.status_code for answer in answers] == [422] * pending.TRIES
    assert "Recommencez depuis le début" in page(answers[-1])
    assert her.answer(her.code()).status_code == 422
    assert her.client.get(HOME).status_code == 302


@pytest.mark.attack
def test_who_starts_again_is_slowed_all_the_same(limited, moving):
    her = Person(limited, moving, HEAD).with_application()
    seen = []
    for _ in range(3):
        assert her.enter().status_code == 302
        seen += [her.answer(f"{number:06}").status_code for number in range(4)]
    assert seen == [422] * 10 + [429] * 2
    assert her.answer(her.code()).status_code == 429


@pytest.mark.attack
def test_half_a_sign_in_ends_by_itself_and_with_the_password(person, db):
    her = person(HEAD).with_application()
    her.enter()
    her.clock.forward(minutes=10)
    assert her.answer(her.code()).status_code == 422
    her.enter()
    account = _account(db, HEAD)
    sessions.end_all(db, account.id, her.clock())
    db.commit()
    assert her.answer(her.code()).status_code == 422


@pytest.mark.attack
def test_half_a_sign_in_belongs_to_one_browser(person, db):
    her = person(HEAD).with_application()
    her.enter()
    stranger = her.app.test_client()
    assert stranger.get("/connexion/suite").status_code == 302
    assert stranger.post("/connexion/suite", data={"code": her.code()}).status_code == 422
    row = db.scalars(select(PendingSignIn)).one()
    assert len(row.token_hash) == 32
    assert her.answer(her.code()).status_code == 302
    db.rollback()
    assert db.scalars(select(PendingSignIn)).all() == []


def test_a_recovery_code_serves_once_and_is_told(person, db):
    her = person(HEAD).with_application()
    first, second = her.codes[0], her.codes[1].lower().replace(" ", "-")
    for code, status in ((first, 302), (first, 422), (second, 302)):
        her.enter()
        assert her.answer(code).status_code == status
    assert "8 codes de secours" in page(her.client.get(PAGE))
    assert sum("un code de secours a servi" in mail for mail in _mails(db, HEAD)) == 2
    her.prove(her.code())
    fresh = codes_of(her.client.post(f"{PAGE}/codes"))
    assert len(set(fresh) - set(her.codes)) == 10
    her.enter()
    assert her.answer(her.codes[2]).status_code == 422
    assert her.answer(fresh[0]).status_code == 302


def test_a_passkey_opens(person, db):
    her = person(HEAD)
    device = _with_passkey(her)
    assert len(her.codes) == 10
    assert her.enter(HOME).location == "/connexion/suite"
    answer = device.get(options_of(her.client.get("/connexion/suite")))
    assert her.answer(credential=answer).location == HOME
    assert her.client.get(HOME).status_code == 200
    assert "téléphone" in page(her.client.get(PAGE))


def _changed(device, **attributes):
    for name, value in attributes.items():
        setattr(device, name, value)


ATTACKS = {
    "origin": lambda device: _changed(device, origin="https://pfmp.example.mal.example"),
    "site": lambda device: _changed(device, site="mal.example"),
    "count": lambda device: _changed(device, count=0),
    "unverified": lambda device: _changed(device, verified=False),
    "other-key": lambda device: _changed(device, key=Authenticator().key),
    "unknown": lambda device: _changed(device, credential_id=bytes(16)),
}


@pytest.mark.attack
@pytest.mark.parametrize("attack", [*ATTACKS, "challenge", "type", "replay", "not-json", "deep", "long"])
def test_a_passkey_s_answer_is_for_one_site_one_demand_and_one_time(attack, person):
    her = person(HEAD)
    device = _with_passkey(her)
    her.enter()
    options = options_of(her.client.get("/connexion/suite"))
    ATTACKS.get(attack, _changed)(device)
    options = other_challenge(options) if attack == "challenge" else options
    instead = {"type": "webauthn.create"} if attack == "type" else {}
    answer = device.get(options, **instead)
    if attack == "replay":
        assert her.answer(credential=answer).status_code == 302
        her.enter()
        her.client.get("/connexion/suite")
    answer = {"not-json": "{", "deep": "[" * 15_000, "long": answer + " " * 20_000}.get(attack, answer)
    refused = her.answer(credential=answer)
    assert refused.status_code == 422
    assert her.client.get(HOME).status_code == 302
    honest = Authenticator(count=50, credential_id=device.credential_id, key=device.key)
    if attack not in {"other-key", "unknown"}:
        assert her.answer(credential=honest.get(options_of(refused))).status_code == 302


@pytest.mark.attack
def test_a_passkey_is_made_for_this_site_this_demand_and_a_verified_person(person, db):
    her = person(HEAD)
    her.enter()
    her.prove()
    for device, change in (
        (Authenticator(origin="https://mal.example"), str),
        (Authenticator(site="mal.example"), str),
        (Authenticator(verified=False), str),
        (Authenticator(), other_challenge),
    ):
        made = device.create(change(options_of(her.client.get(f"{PAGE}/cle"))))
        assert her.client.post(f"{PAGE}/cle", data={"credential": made}).status_code == 422
    good, options = Authenticator(), options_of(her.client.get(f"{PAGE}/cle"))
    assert her.client.post(f"{PAGE}/cle", data={"credential": good.create(options)}).status_code == 200
    assert her.client.post(f"{PAGE}/cle", data={"credential": good.create(options)}).status_code == 422
    db.rollback()
    assert len(db.scalars(select(Passkey)).all()) == 1


@pytest.mark.attack
def test_a_passkey_of_somebody_is_nobody_else_s(person):
    device = _with_passkey(person(TEACHER))
    her = person(HEAD)
    her.enter()
    her.prove()
    made = device.create(options_of(her.client.get(f"{PAGE}/cle")))
    assert her.client.post(f"{PAGE}/cle", data={"credential": made}).status_code == 422


@pytest.mark.attack
def test_what_is_stored_opens_nothing_by_itself(person, db, operator):
    her, thief = person(HEAD).with_application(), person(TEACHER).with_application()
    rows = {row.account_id: row for row in db.scalars(select(AccountTotp))}
    mine, other = _account(db, HEAD).id, _account(db, TEACHER).id
    assert her.secret.encode() not in rows[mine].sealed_secret
    assert pyotp.TOTP(her.secret).at(her.clock()) != thief.code()
    hashes = set(db.scalars(select(RecoveryCode.code_hash)))
    assert (len(hashes), {len(each) for each in hashes}) == (20, {32})
    with operator.begin() as connection:  # the thief's own secret, put by SQL in her row
        moved = update(AccountTotp).where(AccountTotp.account_id == mine)
        connection.execute(moved.values(sealed_secret=rows[other].sealed_secret))
    her.enter()
    assert her.answer(thief.code()).status_code == 422


@pytest.mark.attack
def test_an_account_that_was_closed_half_way_stays_closed(person, operator):
    her = person(HEAD).with_application()
    her.enter()
    with operator.begin() as connection:
        connection.execute(update(Account).where(Account.email == HEAD).values(active=False))
    assert her.answer(her.code()).status_code == 422
