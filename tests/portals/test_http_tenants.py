"""Every route, asked with another school's identifiers: 404, whoever asks and however. New routes join by themselves."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select, text

from pfmp_saas.accidents import use_cases as accidents
from pfmp_saas.accounts import queries as people
from pfmp_saas.accounts.models import Account, Membership
from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.attestations import use_cases as attestations
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import Base, enter_tenant
from pfmp_saas.core.roles import OFFICE, Role
from pfmp_saas.core.schema import metadata
from pfmp_saas.documents.images import checked_logo
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.portals.guard import OPEN_ENDPOINTS
from pfmp_saas.signing.models import PaperSignature, SignatureRequest, SigningBatch
from pfmp_saas.signing.queries import request_of
from pfmp_saas.signing.texts import CONSENT_MANY
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.types.revisions import edits
from pfmp_saas.types.revisions import use_cases as revisions
from tests.support.clock import NOW, TODAY
from tests.support.databases import database_name
from tests.support.pictures import png

OURS, THEIRS = "0211033J", "0700827U"  # the school that is attacked, and the attackers’
STRINGS = {
    "step": "eleve",
    "size": "1",
    "role": "referent",
    "name": "000001",
    "part": "0",
    "section": "en-tete",
    "number": "5",
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


@pytest.fixture
def world(seeded, session_factory):
    """Our school with one object of every kind around Hugo Morel's signed convention."""
    with session_factory.begin() as session:
        enter_tenant(session, by_uai(session, OURS).id)
        hugo = session.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()
        now = NOW
        student = people.by_email(session, "hugo.morel@eleve.example")
        accidents.record_accident(
            session, hugo.id, occurred_at=now - timedelta(days=2), known_at=now - timedelta(days=2),
            place="Atelier", circumstances="Chute", commuting=False, recorded_by=student.id, recorded_as="school", now=now,
        )  # fmt: skip
        attestation = attestations.of_convention(session, hugo.id)
        attestations.prepare(
            session, attestation.id, effective_days=15, gratification=0, place="Dijon",
            today=TODAY, kek=seeded.key_encryption_key,
            base_url=seeded.base_url, now=now,
        )  # fmt: skip
        wish = amendments.Wish("change", "Accord", None, {"activities": ["Autre chose"]})
        amendment = amendments.open_draft(session, hugo.id, wish, created_by=None)
        amendments.send(
            session, amendment.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=now
        )
        draft = revisions.derive(session, "national-2016", None)
        revisions.change(session, draft.id, edits.letterhead((), checked_logo(png(4, 3))))
        head = people.by_email(session, "proviseure@lp-eiffel.example")
        session.add(
            SigningBatch(
                tenant_id=hugo.tenant_id, account_id=head.id, consent_text=CONSENT_MANY, opened_at=now
            )
        )
        signing = request_of(session, "convention", hugo.id)
        session.add(
            PaperSignature(
                tenant_id=hugo.tenant_id, signer_id=signing.signers[0].id, request_id=signing.id,
                signed_on=TODAY, scan_id=signing.file_id, scan_sha256="0" * 64, voucher_id=head.id,
                voucher_name="x", voucher_email="x", voucher_capacity="x", vouched_at=now,
            )
        )  # fmt: skip
        session.add(
            Evaluation(
                tenant_id=hugo.tenant_id,
                convention_id=hugo.id,
                student_account_id=student.id,
                answers={},
                sent_at=now,
            )
        )
    return session_factory


@pytest.fixture
def enter(app, session_factory):
    """Sign in by the demonstration's door."""

    def enter(email):
        client = app.test_client()
        with session_factory() as session:
            account = people.by_email(session, email)
        assert client.post(f"/demo/entrer/{account.id}").status_code == 302
        return client

    return enter


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


@pytest.fixture
def everything(postgres, database):
    name = database_name(database)
    engine = create_engine(postgres.owner_url(name).replace("pfmp_owner@", "postgres@"))
    yield engine
    engine.dispose()


def in_a_school(rule):
    return "uai" in rule.arguments


def test_another_school_is_answered_404_everywhere(app, world, enter, everything):
    before, asked, faults = digest(everything), 0, []
    addresses = [
        (rule, method, uai, address(app, rule, uai, world))
        for rule, method in routes(app, in_a_school)
        for uai in ([OURS, THEIRS] if rule.arguments - {"uai", *STRINGS} else [OURS])
    ]
    for email in members(world, THEIRS):
        client = enter(email)
        for rule, method, _uai, url in addresses:
            status = client.open(url, method=method, data={}).status_code
            asked += 1
            if status != 404:
                faults.append((email, method, url, rule.endpoint, status))
    assert faults == []
    assert asked > 7 * 50
    assert digest(everything) == before


def test_our_own_people_reach_every_page(app, world, enter):
    """The negative control: the same addresses open to someone of ours, so the 404s above are refusals."""
    clients = {email: enter(email) for email in members(world, OURS)}
    for rule, method in routes(app, in_a_school):
        if method == "GET":
            url = address(app, rule, OURS, world)
            answers = {email: client.get(url) for email, client in clients.items()}
            good = [each for each in answers.values() if each.status_code in (200, 302, 303, 409)]
            assert good, (rule.endpoint, url, {email: each.status_code for email, each in answers.items()})
            assert all("/connexion" not in each.headers.get("Location", "") for each in good)


def test_whom_a_convention_does_not_concern_sees_nothing_of_it(app, world, enter, everything):
    before, faults = digest(everything), []
    rules = [
        (rule, method, address(app, rule, OURS, world))
        for rule, method in routes(app, in_a_school)
        if rule.arguments - {"uai", *STRINGS}
    ]
    for email in NOT_PARTIES:
        client = enter(email)
        for rule, method, url in rules:
            status = client.open(url, method=method, data={}).status_code
            if status != 404:
                faults.append((email, method, rule.endpoint, status))
    assert faults == []
    assert digest(everything) == before


def test_the_office_pages_are_for_the_office(app, world, enter):
    faults = []
    for email, roles in members(world, OURS).items():
        if not roles & OFFICE:
            client = enter(email)
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


def test_a_wrong_identifier_is_a_404_and_not_an_error(app, world, enter):
    client = enter("proviseure@lp-eiffel.example")
    for rule, method in routes(app, in_a_school):
        for wrong in (str(uuid.uuid4()), "pas-un-identifiant", "0", "%00", "..%2f.."):
            url = rule.rule.replace("<uai>", OURS)
            url = re.sub(r"<uuid:[^>]+>", wrong, url)
            if url == rule.rule.replace("<uai>", OURS):
                continue
            url = re.sub(r"<([^>:]+)>", lambda found: STRINGS[found[1]], url)
            assert client.open(url, method=method, data={}).status_code == 404, (method, url)


def test_an_unknown_school_is_a_404(app, world, enter):
    client = enter("proviseure@lp-eiffel.example")
    for uai in ("0000000A", "0211033j%00", "🏫", "x" * 300):
        assert client.get(f"/ecole/{uai}/").status_code == 404


def test_the_operator_page_is_for_the_operator(app, world, enter):
    for email in members(world, OURS):
        assert enter(email).get("/plateforme").status_code == 404
    with world() as session:
        operator = session.scalars(select(Account).where(Account.operator)).one().email
    client = enter(operator)
    assert client.get("/plateforme").status_code == 200
    assert client.get(f"/ecole/{OURS}/").status_code == 404  # the operator reads no school's data
