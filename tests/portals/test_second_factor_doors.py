"""Every door stays shut to half a sign-in, and every door of a school to its head who lacks what it asks for."""

import pytest

from pfmp_saas.accounts import queries
from pfmp_saas.tenants import use_cases as tenants
from tests.support.clock import NOW
from tests.support.pages import HEAD, OFFICE, UAI
from tests.support.second_factors import PAGE, PASSWORD
from tests.support.walking import address, public, routes


@pytest.mark.attack
def test_half_a_sign_in_opens_nothing(app, world, application):
    client = app.test_client()
    half = client.post("/connexion", data={"email": HEAD, "password": PASSWORD})
    assert half.location == "/connexion/suite"
    asked = list(routes(app, lambda rule: not public(app, rule)))
    assert len(asked) > 80
    opened = []
    for rule, method in asked:
        answer = client.open(address(app, rule, UAI, world), method=method, data={})
        if answer.status_code != 302 or not answer.location.startswith("/connexion"):
            opened.append((method, rule.rule))
    assert opened == []


@pytest.mark.attack
def test_the_head_does_nothing_in_a_school_that_asks_for_more(app, world, db, signed_in):
    by = queries.by_email(db, OFFICE).id
    tenants.change_settings(db, {"head_second_factor": True}, by=by, now=NOW)
    db.commit()
    head, office = signed_in(HEAD), signed_in(OFFICE)
    opened = []
    for rule, method in routes(app, lambda rule: "uai" in rule.arguments and not public(app, rule)):
        answer = head.open(address(app, rule, UAI, world), method=method, data={})
        if answer.status_code != 404 and (answer.status_code, answer.location) != (302, PAGE):
            opened.append((method, rule.rule))
    assert opened == []
    assert head.get(f"/ecole/{UAI}/").location == PAGE
    assert office.get(f"/ecole/{UAI}/").status_code == 200
    assert head.get(PAGE).status_code == 200
