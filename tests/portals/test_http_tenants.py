"""Every route, asked with another school's identifiers: 404, whoever asks and however. New routes join by themselves."""

import re
import uuid

from sqlalchemy import select, text

from pfmp_saas.accounts import queries as people
from pfmp_saas.accounts.models import Account, Membership
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import Base, enter_tenant
from pfmp_saas.core.roles import OFFICE, Role
from pfmp_saas.core.schema import metadata
from pfmp_saas.portals.guard import OPEN_ENDPOINTS
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.queries import request_of
from pfmp_saas.tenants.queries import by_uai

OURS, THEIRS = "0211033J", "0700827U"  # the school that is attacked, and the attackers’
STRINGS = {
    "step": "eleve",
    "size": "1",
    "role": "referent",
    "name": "000001",
    "part": "0",
    "section": "en-tete",
    "number": "5",
    "account_session_id": "00000000-0000-4000-8000-000000000000",  # its owner's alone: tests/accounts/test_sessions.py
}
"""Values for the arguments that name no row. An argument that is neither here nor a row's fails the test."""
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


def row_of(session_factory, name):
    """The identifier of one of our rows of the class that an argument names (``signer_id``: a Signer), Hugo's first."""
    metadata()
    wanted = "".join(part.capitalize() for part in name.removesuffix("_id").split("_"))
    classes = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    assert wanted in classes, f"no model {wanted}: rename the argument {name}, or add it to STRINGS"
    model = classes[wanted]
    with session_factory() as session:
        enter_tenant(session, by_uai(session, OURS).id)
        hugo = session.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()
        if model is Account:
            return people.by_email(session, "marc.petit@lp-eiffel.example").id
        query = select(model)
        if model is Convention:
            query = query.where(model.id == hugo.id)
        elif model is SignatureRequest:
            query = query.where(model.id == request_of(session, "convention", hugo.id).id)
        elif hasattr(model, "convention_id"):
            query = query.where(model.convention_id == hugo.id)
        elif hasattr(model, "request_id"):
            query = query.where(model.request_id == request_of(session, "convention", hugo.id).id)
        found = session.scalars(query).first()
        assert found is not None, f"our school has no {wanted}: make one in the fixture `world`"
        return found.id


def public(app, rule):
    """Whether the view says why it is open to anyone: what it shows belongs to no school alone."""
    return bool(getattr(app.view_functions[rule.endpoint], "public_because", None))


def routes(app, only=None):
    """Each (rule, method) that an application serves, GET and POST."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if rule.endpoint in OPEN_ENDPOINTS or (only is not None and public(app, rule)):
            continue
        if only is None or only(rule):
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule, method


def address(app, rule, uai, session_factory):
    """The rule's address, filled with our objects under ``uai``."""
    values = {}
    for name in rule.arguments:
        if name == "uai":
            values[name] = uai
        elif name in STRINGS:
            values[name] = STRINGS[name]
        else:
            values[name] = row_of(session_factory, name)
    with app.test_request_context():
        return app.url_map.bind("pfmp.example").build(rule.endpoint, values, append_unknown=False)


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


def test_the_operator_page_is_for_the_operator(app, world, signed_in):
    for email in members(world, OURS):
        assert signed_in(email).get("/plateforme").status_code == 404
    with world() as session:
        operator = session.scalars(select(Account).where(Account.operator)).one().email
    client = signed_in(operator)
    assert client.get("/plateforme").status_code == 200
    assert client.get(f"/ecole/{OURS}/").status_code == 404  # the operator reads no school's data
