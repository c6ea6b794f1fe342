"""Every route, asked with another school's identifiers: 404, whoever asks and however. New routes join by themselves."""

import re
import uuid

import pytest
from sqlalchemy import select, text

from pfmp_saas.accounts.models import Account, Membership
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.roles import OFFICE, Role
from pfmp_saas.core.schema import metadata
from pfmp_saas.tenants.queries import by_uai
from tests.support.walking import STRINGS, address, routes

OURS, THEIRS = "0211033J", "0700827U"  # the school that is attacked, and the attackers’
NOT_PARTIES = (
    "lea.fontaine@eleve.example",
    "nadia.fontaine@famille.example",
    "aicha.diallo@lp-eiffel.example",
)
"""People of our school, in each role of a portal, whom Hugo Morel's convention does not concern."""
OPEN_TO_TEACHERS = {
    "school.to_sign",
    "school.sign_selected",
    "school.signing_progress",
    "school.to_sign_document",
}
"""Office pages that a referent reaches too: they show only what awaits his or her own signature."""


def members(session_factory, uai):
    """The school's people: {address: roles}."""
    with session_factory() as session:
        enter_tenant(session, by_uai(session, uai).id)
        rows = session.execute(
            select(Account.email, Membership.role).join(Membership, Membership.account_id == Account.id)
        )
        found = {}
        for email, role in rows:
            found.setdefault(email, set()).add(Role(role))
        return found


def digest(database):
    """A fingerprint of every row of every tenant table: refused requests leave no trace."""
    with database.connect() as connection:
        names = [table.name for table in metadata().sorted_tables if "tenant_id" in table.c]
        one = (
            "select count(*), coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from {} t"
        )
        return {name: tuple(connection.execute(text(one.format(name))).one()) for name in names}


def in_a_school(rule):
    return "uai" in rule.arguments


@pytest.mark.attack
def test_another_school_is_answered_404_everywhere(app, world, signed_in, operator):
    before, asked, faults = digest(operator), 0, []
    addresses = [
        (rule, method, uai, address(app, rule, uai, world))
        for rule, method in routes(app, in_a_school)
        for uai in ([OURS, THEIRS] if rule.arguments - {"uai", *STRINGS} else [OURS])
    ]
    for email in members(world, THEIRS):
        client = signed_in(email)
        for rule, method, _uai, url in addresses:
            status = client.open(url, method=method, data={}).status_code
            asked += 1
            if status != 404:
                faults.append((email, method, url, rule.endpoint, status))
    assert faults == []
    assert asked > 7 * 50
    assert digest(operator) == before


def test_our_own_people_reach_every_page(app, world, signed_in):
    """The negative control: the same addresses open to someone of ours, so the 404s above are refusals."""
    clients = {email: signed_in(email) for email in members(world, OURS)}
    for rule, method in routes(app, in_a_school):
        if method == "GET":
            url = address(app, rule, OURS, world)
            answers = {email: client.get(url) for email, client in clients.items()}
            good = [each for each in answers.values() if each.status_code in (200, 302, 303, 409)]
            assert good, (rule.endpoint, url, {email: each.status_code for email, each in answers.items()})
            assert all("/connexion" not in each.headers.get("Location", "") for each in good)


@pytest.mark.attack
def test_whom_a_convention_does_not_concern_sees_nothing_of_it(app, world, signed_in, operator):
    before, faults = digest(operator), []
    rules = [
        (rule, method, address(app, rule, OURS, world))
        for rule, method in routes(app, in_a_school)
        if rule.arguments - {"uai", *STRINGS}
    ]
    for email in NOT_PARTIES:
        client = signed_in(email)
        for rule, method, url in rules:
            status = client.open(url, method=method, data={}).status_code
            if status != 404:
                faults.append((email, method, rule.endpoint, status))
    assert faults == []
    assert digest(operator) == before


@pytest.mark.attack
def test_the_office_pages_are_for_the_office(app, world, signed_in):
    faults = []
    for email, roles in members(world, OURS).items():
        if not roles & OFFICE:
            client = signed_in(email)
            for rule, method in routes(app, lambda rule: rule.endpoint.startswith("school.")):
                teacher = roles & {Role.REFERENT} and rule.endpoint in OPEN_TO_TEACHERS
                status = client.open(address(app, rule, OURS, world), method=method, data={}).status_code
                if status != 404 and not teacher:
                    faults.append((email, method, rule.endpoint, status))
    assert faults == []


def test_nobody_signed_in_is_led_to_the_door(app, world):
    client = app.test_client()
    seen = 0
    for rule, method in routes(app):
        view = app.view_functions[rule.endpoint]
        if not getattr(view, "public_because", None):
            answer = client.open(address(app, rule, OURS, world), method=method, data={})
            assert answer.status_code in (302, 401, 404), (rule.endpoint, method, answer.status_code)
            if answer.status_code == 302:
                assert re.match(r"/connexion(\?next=|$)", answer.headers["Location"]), rule.endpoint
            seen += 1
    assert seen > 50


def test_a_wrong_identifier_is_a_404_and_not_an_error(app, world, signed_in):
    client = signed_in("proviseure@lp-eiffel.example")
    for rule, method in routes(app, in_a_school):
        for wrong in (str(uuid.uuid4()), "pas-un-identifiant", "0", "%00", "..%2f.."):
            url = rule.rule.replace("<uai>", OURS)
            url = re.sub(r"<uuid:[^>]+>", wrong, url)
            if url == rule.rule.replace("<uai>", OURS):
                continue
            url = re.sub(r"<([^>:]+)>", lambda found: STRINGS[found[1]], url)
            assert client.open(url, method=method, data={}).status_code == 404, (method, url)


def test_an_unknown_school_is_a_404(app, world, signed_in):
    client = signed_in("proviseure@lp-eiffel.example")
    for uai in ("0000000A", "0211033j%00", "🏫", "x" * 300):
        assert client.get(f"/ecole/{uai}/").status_code == 404


@pytest.mark.attack
def test_the_operator_page_is_for_the_operator(app, world, signed_in):
    for email in members(world, OURS):
        assert signed_in(email).get("/plateforme").status_code == 404
    with world() as session:
        operator = session.scalars(select(Account).where(Account.operator)).one().email
    client = signed_in(operator)
    assert client.get("/plateforme").status_code == 200
    assert client.get(f"/ecole/{OURS}/").status_code == 404  # the operator reads no school's data
