"""What the tests of caps share: drafts of two schools, sent or judged."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from stdnum import luhn

from pfmp_saas.conventions import judging, reuse, use_cases
from pfmp_saas.conventions.hosts import use_cases as hosts
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW, TODAY
from tests.support.databases import KEK
from tests.support.pages import UAI
from tests.support.staff import teacher


def _siret(number):
    """A well-formed SIRET of its own for each number."""
    siren = str(73282932 + number)
    office = f"{siren}{luhn.calc_check_digit(siren)}0001"
    return office + luhn.calc_check_digit(office)


@pytest.fixture
def draft(seeded, session_factory):
    """Make a draft of a school: ``number`` tells its pupil and its people from the others'."""

    def make(number, uai=UAI, *, host=None, tutor=None, referent=None, pupil=None, periods=None):
        with session_factory() as session, session.begin():
            enter_tenant(session, by_uai(session, uai).id)
            source = session.scalars(
                select(Convention).where(Convention.state == "draft").order_by(Convention.number)
            )
            row = reuse.copy_convention(session, source.first().id, student_id=None, created_by=None, now=NOW)
            data, referent = row.data, referent or f"ref{number}@school.example"
            teacher(session, referent, f"Référent {number}")
            changes = {
                "student": {
                    **data["student"],
                    "last_name": pupil or f"Élève {number}",
                    "medical_opinion_on": "2026-11-02",
                },
                "tutor": {**data["tutor"], "email": tutor or f"tutor{number}@host.example"},
                "referent": {
                    **data["referent"],
                    "email": referent,
                    "pupils_followed": 1,
                },
                "host": {**data["host"], **(host or {"siret": _siret(number), "staff": 400})},
                "periods": periods or [{"start": "2027-01-11", "end": "2027-02-05"}],
                "works": [],
            }
            return uai, use_cases.save(session, row.id, changes).id

    return make


@pytest.fixture
def send(session_factory):
    def go(made):
        uai, convention_id = made
        with session_factory() as session, session.begin():
            enter_tenant(session, by_uai(session, uai).id)
            use_cases.send(session, convention_id, kek=KEK, base_url="http://x.example", now=NOW)

    return go


@pytest.fixture
def codes(session_factory):
    def of(made):
        uai, convention_id = made
        with session_factory() as session:
            enter_tenant(session, by_uai(session, uai).id)
            row = session.get(Convention, convention_id)
            return {found.code for found in judging.findings(session, row) if found.severity == "block"}

    return of


WORKSHOP = {
    "siret": "55208131766522",
    "name": "Atelier Dupont",
    "address": "3 rue Basse, hall B, 21000 Dijon",
    "staff": 12,
}


@pytest.fixture
def known_host(db):
    return hosts.save(db, None, WORKSHOP, {"notes": "Sonner fort"}, NOW)


@pytest.fixture
def covered(db, known_host):
    """A draft that the declaration below covers."""
    row = use_cases.create_draft(db, student_id=None, created_by=None, now=NOW)
    days = [{"start": f"{TODAY + timedelta(days=20)}", "end": f"{TODAY + timedelta(days=30)}"}]
    student = {"diploma": "Bac pro", "course_title": "Tôlerie"}
    return use_cases.save(
        db, row.id, {"works": ["28"], "student": student, "periods": days, "host": WORKSHOP}
    )
