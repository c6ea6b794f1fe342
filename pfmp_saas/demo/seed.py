"""The demonstration's schools and people: one school per convention model, someone in every role."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.accounts import queries as people
from pfmp_saas.accounts import roles
from pfmp_saas.accounts import use_cases as accounts
from pfmp_saas.accounts.forms import Member
from pfmp_saas.accounts.operators import name_operator
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.roles import STAFF, Role
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import Settings
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.demo.handed_over import list_to_look_at
from pfmp_saas.demo.history import live
from pfmp_saas.demo.searches import tell
from pfmp_saas.documents.sealing.authority import Issuer
from pfmp_saas.evidence.checkpoint.keys import active_key, open_log
from pfmp_saas.evidence.use_cases import open_authority
from pfmp_saas.roster.models import Guardian, Student
from pfmp_saas.tenants.models import Establishment
from pfmp_saas.tenants.queries import everyone
from pfmp_saas.tenants.use_cases import open_establishment
from pfmp_saas.workflows import flow
from pfmp_saas.workflows.register import take_in

Json = Mapping[str, Any]
EARLIER = timedelta(days=60)
"""When the schools' authorities began: before the oldest convention of the demonstration."""


def seed(settings: Settings, owner_url: str, root: Issuer, now: datetime) -> None:
    """Fill an empty database in one transaction, all of it or nothing, once its owner has named the operator."""
    data = json.loads(files("pfmp_saas.demo").joinpath("data.json").read_text(encoding="utf-8"))
    metadata()
    flow.install()
    name, email = data["operator"]
    with unit_on(owner_url) as session:
        name_operator(session, email, name, now)
    with unit_on(settings.database_url) as session:
        for school in data["schools"]:
            _school(session, school, data, root, settings, now)
        accounts.set_password(session, accounts.ensure_account(session, email), data["password"])


def _school(
    session: Session, school: Json, data: Json, root: Issuer, settings: Settings, now: datetime
) -> None:
    enter_tenant(session, None)
    printed = {**school["settings"], "board_date": date.fromisoformat(school["settings"]["board_date"])}
    names = ("uai", "name", "territory", "timezone", "type_slug")
    known = {name: school[name] for name in names}
    establishment = open_establishment(session, **known, settings=printed, now=now - EARLIER)
    open_authority(session, root, establishment, settings.key_encryption_key, now - EARLIER)
    open_log(session, root, establishment.uai, settings.base_url, settings.key_encryption_key, now - EARLIER)
    for role, name, email in school["people"]:
        _person(session, Member(email, name, Role(role)), data["password"], now)
    for pupil in school["students"]:
        row = _student(session, establishment, pupil)
        _conventions(session, row, data, settings, now)
    office = next(email for role, _, email in school["people"] if role == Role.SECRETARIAT)
    list_to_look_at(session, office, now)


def _conventions(session: Session, student: Student, data: Json, settings: Settings, now: datetime) -> None:
    """Create a pupil's conventions of the demonstration's data: one ready to send, or one already sent."""
    for draft in data["drafts"]:
        if draft["student"] == student.email:
            _draft(session, student, draft, now)
    for past in data["history"]:
        if past["student"] == student.email:
            teacher = _referent(past["referent"], session)
            live(session, student, past, data["drafts"][0]["data"], teacher, settings, now)


def _person(session: Session, person: Member, password: str, now: datetime) -> None:
    if person.role in STAFF:
        account = roles.give(session, person, roles.Giving(None, "", now))
        accounts.set_password(session, account, password)
    else:
        account = accounts.ensure_account(session, person.email)
        accounts.ensure_membership(session, account, person.role, person.name)


def _student(session: Session, establishment: Establishment, pupil: Json) -> Student:
    guardian = pupil["guardian"]
    dates = {name: date.fromisoformat(pupil[name]) for name in ("birth_date", "medical_opinion_on")}
    plain = {name: value for name, value in pupil.items() if name != "guardian"}
    row = Student(tenant_id=establishment.id, **{**plain, **dates})
    if guardian:
        row.guardians.append(Guardian(tenant_id=establishment.id, **guardian))
    session.add(row)
    session.flush()
    return row


def _draft(session: Session, student: Student, draft: Json, now: datetime) -> None:
    """Prepare a convention that lacks only its sending, so that a newcomer can go straight to signing."""
    row = conventions.create_draft(session, student_id=student.id, created_by=None, now=now)
    changes = {
        **draft["data"],
        "student": {**row.data["student"], **draft.get("more", {})},
        "referent": _referent(draft["referent"], session),
    }
    conventions.save(session, row.id, changes)
    tell(session, row.id, 0, now)


def _referent(email: str, session: Session) -> Json:
    """Return a referent teacher as conventions print one."""
    name = people.referents(session)[email]
    return {"name": name, "email": email, "phone": "06 98 76 54 32", "pupils_followed": 11}


def name_logs(settings: Settings, root: Issuer, now: datetime) -> None:
    """Give a key to the logs of schools that were opened before logs had one, and take in rows older than the register."""
    metadata()
    with unit_on(settings.database_url) as session:
        for school in everyone(session):
            enter_tenant(session, school.id)
            if active_key(session) is None:
                kek = settings.key_encryption_key
                open_log(session, root, school.uai, settings.base_url, kek, now)
            take_in(session, now)
