"""What opens an account changes only for who proves to be its owner; required, it stays; the platform may take it away."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from pfmp_saas.accounts import factors, queries
from pfmp_saas.accounts.models import AccountTotp
from pfmp_saas.app import create_app
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.administration import RESET, journal, role_faults
from tests.support.pages import HEAD, OFFICE, UAI, page
from tests.support.second_factors import PAGE, Person

HOME, PLATFORM, OPERATOR = f"/ecole/{UAI}/", "/plateforme", "exploitation@pfmp.example"


def _factors(db, email):
    db.rollback()
    return factors.of_account(db, queries.by_email(db, email).id)


def _remove(person, factor_id):
    return person.client.post(f"{PAGE}/{factor_id}/retirer")


@pytest.mark.attack
def test_nothing_changes_without_a_fresh_proof(person, db):
    her = person(HEAD).with_application()
    (row,) = _factors(db, HEAD).applications
    her.enter()
    her.answer(her.code())  # it opened the session, and is no proof for what follows
    for send in (
        lambda: _remove(her, row.id),
        lambda: her.client.post(f"{PAGE}/codes"),
        lambda: her.client.post(f"{PAGE}/application"),
        lambda: her.client.post(f"{PAGE}/cle", data={"credential": "{}"}),
        lambda: her.client.get(f"{PAGE}/cle"),
        lambda: her.client.get(f"{PAGE}/application"),
    ):
        assert send().location == PAGE
    her.clock.forward(minutes=1)
    assert her.prove("000000").status_code == 422
    assert her.prove().status_code == 422  # the password alone is half of it
    assert _remove(her, row.id).location == PAGE
    assert (_factors(db, HEAD).count, _factors(db, HEAD).codes) == (1, 10)
    assert her.prove(her.code()).status_code == 302
    her.clock.forward(minutes=10)
    _remove(her, row.id)
    assert _factors(db, HEAD).count == 1
    her.prove(her.code())
    _remove(her, row.id)
    assert (_factors(db, HEAD).count, _factors(db, HEAD).codes) == (0, 0)
    bodies = db.scalars(select(OutgoingMail.body).where(OutgoingMail.kind == "second-factor"))
    assert sum("une application d’authentification a été retirée" in body for body in bodies) == 1
    assert her.enter(HOME).location == HOME


@pytest.mark.attack
def test_a_factor_of_somebody_else_is_not_there(person, db):
    her, other = person(HEAD).with_application(), person(OFFICE).with_application()
    (row,) = _factors(db, HEAD).applications
    other.prove(other.code())
    assert _remove(other, row.id).status_code == 404
    assert _factors(db, HEAD).count == 1
    assert her.client.get(PAGE).status_code == 200


def test_who_has_neither_password_nor_factor_needs_no_proof_for_the_first(signed_in):
    client = signed_in("lea.fontaine@eleve.example")
    assert "Ajouter une application" in page(client.get(PAGE))
    assert client.post(f"{PAGE}/application").location == f"{PAGE}/application"


@pytest.mark.attack
def test_a_proof_is_slowed_like_a_guess(limited, moving):
    her = Person(limited, moving, HEAD).with_application()
    assert [her.prove("000000").status_code for _ in range(11)] == [422] * 10 + [429]


@pytest.mark.attack
def test_the_last_one_stays_where_it_is_required(person, db, wanted):
    her = person(HEAD)
    her.enter()
    assert her.client.get(HOME).location == PAGE
    assert "exigée de vous" in page(her.client.get(PAGE))
    her.with_application()
    assert her.client.get(HOME).status_code == 200
    (row,) = _factors(db, HEAD).applications
    her.prove(her.code())
    refused = _remove(her, row.id)
    assert (refused.status_code, "ajoutez un autre moyen" in page(refused)) == (422, True)
    her.clock.forward(minutes=1)
    her.add_application()
    assert _remove(her, row.id).status_code == 302
    assert _factors(db, HEAD).count == 1


def test_the_school_says_so_on_its_settings_page(person, db):
    her = person(HEAD)
    her.enter()
    assert her.client.post(f"{HOME}reglages", data={"head_second_factor": "oui"}).status_code == 302
    assert her.client.get(f"{HOME}reglages").location == PAGE
    her.with_application()
    shown = page(her.client.get(f"{HOME}reglages"))
    assert 'name="head_second_factor" value="oui" checked' in shown


def test_an_operator_without_one_sees_nothing_where_it_is_required(settings, seeded, moving):
    strict = create_app(replace(settings, operator_second_factor=True), moving)
    strict.config["WTF_CSRF_ENABLED"] = False
    boss = Person(strict, moving, OPERATOR)
    boss.enter()
    for path in (PLATFORM, f"{PLATFORM}/double-authentification"):
        assert boss.client.get(path).location == PAGE
    boss.with_application()
    assert boss.client.get(PLATFORM).status_code == 200


def test_the_platform_takes_it_away_on_a_checked_demand(person, db):
    her, boss = person(HEAD).with_application(), person(OPERATOR)
    boss.enter()
    path, demand = f"{PLATFORM}/double-authentification", {"email": HEAD, "checked": "y"}
    assert boss.client.post(path, data=demand).location == PAGE
    boss.prove()
    for bad in ({"email": HEAD}, {"checked": "y"}, demand | {"email": "inconnu@nulle.example"}):
        assert boss.client.post(path, data=bad).status_code == 422
    assert _factors(db, HEAD).count == 1
    assert boss.client.post(path, data=demand).status_code == 302
    assert (_factors(db, HEAD).count, _factors(db, HEAD).codes) == (0, 0)
    assert her.client.get(HOME).status_code == 302
    latest = journal(db)[0]
    assert (latest.kind, latest.member.endswith(f"<{HEAD}>"), OPERATOR in latest.by) == (RESET, True, True)
    assert list(role_faults(db, UAI)) == []
    mails = db.scalars(select(OutgoingMail.body).where(OutgoingMail.recipient == HEAD))
    assert any("l’exploitant de la plateforme a retiré" in body for body in mails)
    assert her.enter(HOME).location == HOME
    assert "double authentification retirée" in page(her.client.get(f"{HOME}journal"))


def test_an_application_never_confirmed_counts_for_nothing(person, db):
    her = person(HEAD)
    her.enter()
    her.prove()
    her.client.post(f"{PAGE}/application")
    her.client.post(f"{PAGE}/application")
    db.rollback()
    assert len(db.scalars(select(AccountTotp)).all()) == 1
    assert her.enter(HOME).location == HOME
