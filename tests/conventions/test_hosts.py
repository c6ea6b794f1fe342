"""A host's sheet: written once, its declarations proposed to what they cover and to nothing else, merged when known twice."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.conventions import reuse, use_cases
from pfmp_saas.conventions.hosts import queries
from pfmp_saas.conventions.hosts import use_cases as hosts
from pfmp_saas.conventions.models import Convention, Host
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.evaluations.queries import questionnaire
from pfmp_saas.tenants.queries import by_uai
from tests.conventions.conftest import WORKSHOP as DATA
from tests.support.clock import NOW, TODAY
from tests.support.pages import HEAD, OFFICE, PYRENE, TEACHER, UAI, page

SIRETS = ("55208131766522", "44306184100047")
HOSTS = f"/ecole/{UAI}/organismes"


DECLARED = {
    "sent_on": TODAY - timedelta(days=100),
    "place": "Hall B",
    "courses": ["Bac pro tolerie"],
    "works": ["28", "29"],
}


@pytest.mark.parametrize(("more", "changes", "proposed"), [
    ({}, {}, True),
    ({"place": ""}, {}, True),
    ({"courses": ["Cuisine", "Tôlerie"]}, {}, True),
    ({"place": "Hall C"}, {}, False),
    ({"courses": ["Cuisine"]}, {}, False),
    ({"works": ["29"]}, {}, False),
    ({"sent_on": TODAY - timedelta(days=3 * 365 - 10)}, {}, False),
    ({"sent_on": TODAY + timedelta(days=25)}, {}, False),
    ({}, {"works": ["28", "31"]}, False),
    ({}, {"works": []}, False),
    ({}, {"student": {"course_title": "Cuisine"}}, False),
])  # fmt: skip
def test_a_declaration_is_proposed_to_what_it_covers_and_to_nothing_else(
    db, known_host, covered, more, changes, proposed
):
    row = use_cases.save(db, covered.id, changes)
    declaration = hosts.declare(db, known_host.id, DECLARED | more)
    assert reuse.declared_for(db, row) is None  # nobody has checked it
    hosts.declaration_checked(db, declaration.id, uuid.uuid4(), "Chantal Roy", NOW)
    assert (reuse.declared_for(db, row) is not None) == proposed
    taken = reuse.take_up_host(db, row.id, known_host.id)
    expected = (DECLARED | more)["sent_on"].isoformat() if proposed else None
    assert taken.data["host"]["derogation_sent_on"] == expected
    assert reuse.declared_for(db, taken) is None


def test_a_host_taken_up_brings_no_declaration_of_another_placement(db, covered, known_host):
    known_host.data = {**known_host.data, "derogation_sent_on": "2026-01-01"}
    db.flush()
    assert reuse.take_up_host(db, covered.id, known_host.id).data["host"]["derogation_sent_on"] is None


def test_two_sheets_of_one_host_become_one_and_stay_one(db, known_host):
    other = hosts.save(
        db,
        None,
        {"name": "ATELIER DUPONT", "address": "3 rue Basse", "phone": "03 80"},
        {"notes": "Bis"},
        NOW,
    )
    third = hosts.save(db, None, {**DATA, "siret": SIRETS[1], "staff": None}, {}, NOW)
    hosts.declare(db, third.id, DECLARED)
    assert {each.id for each in queries.doubles(db, known_host)} == {other.id, third.id}
    kept = hosts.merge(db, hosts.merge(db, other.id, third.id, NOW).id, known_host.id, NOW)
    assert (kept.siret, kept.former, kept.data["phone"], kept.data["staff"]) == (
        SIRETS[1],
        ["atelier dupont|3 rue basse", SIRETS[0]],
        "03 80",
        12,
    )
    assert (kept.notes, len(queries.declarations(db, kept.id))) == ("Bis\nSonner fort", 1)
    sent = Convention(tenant_id=kept.tenant_id, data={"host": {**DATA, "activity": "Tôle", "phone": None}})
    reuse.remember_host(db, sent)
    db.refresh(kept)
    assert (kept.data["activity"], kept.data["phone"]) == ("Tôle", "03 80")
    assert len(db.scalars(select(Host).where(Host.folded.contains("dupont"))).all()) == 1
    assert (kept.data["siret"], kept.siret) == (
        SIRETS[1],
        SIRETS[1],
    )  # sent under the former one: it stays former
    by_name = {"name": "ATELIER DUPONT", "address": "3 rue Basse"}
    reuse.remember_host(db, Convention(tenant_id=kept.tenant_id, data={"host": by_name}))
    assert len(db.scalars(select(Host).where(Host.folded.contains("dupont"))).all()) == 1
    with pytest.raises(NotFound):
        hosts.merge(db, kept.id, kept.id, NOW)


def test_a_sheet_whose_siret_changes_keeps_its_conventions(db, known_host, covered):
    reuse.take_up_host(db, covered.id, known_host.id)
    before = [each.id for each in queries.taken(db, known_host)]
    assert covered.id in before
    hosts.save(db, known_host.id, {"siret": SIRETS[1]}, {}, NOW)
    assert [each.id for each in queries.taken(db, known_host)] == before


@pytest.mark.attack
def test_another_schools_host_does_not_exist(db, session_factory, known_host):
    declaration = hosts.declare(db, known_host.id, DECLARED)
    db.commit()
    with session_factory() as session:
        enter_tenant(session, by_uai(session, PYRENE).id)
        mine = session.scalars(select(Host.id)).first() or uuid.uuid4()
        for act in (
            lambda: queries.get(session, known_host.id),
            lambda: hosts.merge(session, mine, known_host.id, NOW),
            lambda: hosts.declare(session, known_host.id, DECLARED),
            lambda: hosts.declaration_checked(session, declaration.id, uuid.uuid4(), "x", NOW),
        ):
            with pytest.raises(NotFound):
                act()


def test_a_sheet_as_the_office_keeps_it(signed_in, db, hugo):
    office, form = (
        signed_in(OFFICE),
        {"name": "Atelier Dupont", "siret": "552 081 317 66522", "staff": "12", "city": "Dijon"},
    )
    assert office.post(f"{HOSTS}/nouveau", data={**form, "siret": "123"}).status_code == 422
    assert office.post(f"{HOSTS}/nouveau", data={**form, "siret": ""}).status_code == 422
    added = office.post(f"{HOSTS}/nouveau", data=form)
    assert added.status_code == 302
    sheet = added.location
    assert office.post(f"{HOSTS}/nouveau", data=form).status_code == 422
    assert "3 places libres" in page(office.get(sheet))
    declared = {"sent_on": "01/09/2026", "courses": "Tôlerie", "works": "28"}
    assert office.post(f"{sheet}/declarations", data={**declared, "works": ""}).status_code == 422
    assert office.post(f"{sheet}/declarations", data=declared).status_code == 302
    shown = page(office.get(sheet))
    check = re.search(r'"([^"]*/declarations/[^"]*/verifier)"', shown)[1]
    assert office.post(check).status_code == 302
    assert "Comparée avec le document par Chantal Roy" in page(office.get(sheet))
    assert office.post(check.replace("verifier", "retirer")).status_code == 302
    assert "Comparée" not in page(office.get(sheet))
    assert "Atelier Dupont" in page(office.get(f"{HOSTS}?q=dupont dijon"))
    assert "Atelier Dupont" not in page(office.get(f"{HOSTS}?q=lyon"))
    assert "Atelier Dupont;;55208131766522" in office.get(f"{HOSTS}/liste.csv").get_data(as_text=True)
    assert signed_in(TEACHER).get(sheet).status_code == 404


def placed_again(row, number, siret):
    """The same placement once more, at the host of that SIRET."""
    own = {"id", "number", "request_id", "data"}
    columns = [each for each in Convention.__table__.columns if each.computed is None and each.key not in own]
    kept = {each.key: getattr(row, each.key) for each in columns}
    data = {**row.data, "host": {**row.data["host"], "siret": siret}}
    return Convention(id=uuid.uuid4(), number=number, data=data, **kept)


def judged(row, mark, account_id=None):
    """An evaluation of a placement: the same mark to all, and a word."""
    return Evaluation(
        tenant_id=row.tenant_id,
        convention_id=row.id,
        student_account_id=account_id or row.parties[0].account_id,
        answers={"a": mark, "safety": mark, "c": "mot"},
        sent_at=NOW,
    )


def test_who_was_taken_stands_on_the_sheet_and_no_figure_of_fewer_than_three(signed_in, db, hugo):
    reuse.remember_host(db, hugo)
    db.add(judged(hugo, questionnaire(db, hugo).scale[0]))
    db.commit()
    host = queries.of_convention(db, hugo)
    shown = page(signed_in(OFFICE).get(f"{HOSTS}/{host.id}"))
    assert "Hugo Morel" in shown
    assert "Avis des élèves : 1 avis" in shown
    assert "à partir de trois" in shown
    assert hugo.data["tutor"]["name"] in shown


def test_three_bad_answers_are_a_figure_and_warn_who_prepares_a_convention_there(signed_in, db, hugo):
    draft = db.scalars(select(Convention).where(Convention.state == "draft")).first()
    reuse.remember_host(db, draft)
    for number in ("2026-90001", "2026-90002", "2026-90003"):
        row = placed_again(hugo, number, draft.data["host"]["siret"])
        db.add(row)
        db.flush()
        db.add(judged(row, questionnaire(db, hugo).scale[-1], hugo.parties[0].account_id))
    db.commit()
    host = queries.of_convention(db, draft)
    assert "1,0 sur" in page(signed_in(OFFICE).get(f"{HOSTS}/{host.id}"))
    at = f"/ecole/{UAI}/conventions/{draft.id}"
    warned = page(signed_in(HEAD).get(at))
    assert "Avis des élèves sur cet organisme : 1,0 sur" in warned
    assert "3 réponses préoccupantes" in warned
    assert "préoccupante" not in page(signed_in(OFFICE).get(at))  # for the head and the DDFPT
