"""A school's administration in its evidence: roles given and taken, second factors reset, told and held to the evidence."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account, Membership
from pfmp_saas.accounts.queries import place_of
from pfmp_saas.core.events import ByAccount, RoleEvent
from pfmp_saas.core.roles import GIVEN_BY_SCHOOL, OFFICE, Role
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.evidence.events import read_event, readable
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt
from pfmp_saas.evidence.people import commitment_fault
from pfmp_saas.evidence.restart import RESTARTED
from pfmp_saas.evidence.use_cases import ACTOR, PLATFORM, Actor, person, record
from pfmp_saas.tenants import queries as tenants

GIVEN, TAKEN, RESET = "role-given", "role-taken", "second-factor-reset"
MEMBER = "member"
_STAFF = frozenset({*GIVEN_BY_SCHOOL, Role.HEAD})


def subject_of(uai: str) -> str:
    """Return the subject under which a school's administration stands in its evidence."""
    return f"administration:{uai}"


def role_given(session: Session, event: RoleEvent) -> None:
    """Record that a person was given a staff role."""
    _record(session, GIVEN, event)


def role_taken(session: Session, event: RoleEvent) -> None:
    """Record that a staff role was taken from a person; the membership is still there."""
    _record(session, TAKEN, event)


def _record(session: Session, kind: str, event: RoleEvent) -> None:
    account = session.get_one(Account, event.subject_id)
    name = session.scalars(
        select(Membership.name).where(Membership.account_id == account.id, Membership.role == event.role)
    ).one()
    record(
        session,
        subject=subject_of(tenants.here(session).uai),
        kind=kind,
        actor=actor_of(session, event.by),
        document_hash=None,
        consent_text=None,
        now=event.at,
        payload={"role": event.role, "account": str(account.id)},
        people={MEMBER: person(name, account.email)},
    )


def factor_reset(session: Session, event: ByAccount) -> None:
    """Record that the platform took a member's second factors away."""
    account, here = session.get_one(Account, event.subject_id), tenants.here(session)
    record(
        session,
        subject=subject_of(here.uai),
        kind=RESET,
        actor=actor_of(session, event.by),
        document_hash=None,
        consent_text=None,
        now=event.at,
        payload={"account": str(account.id)},
        people={MEMBER: person(place_of(session, here, account.id).person, account.email)},
    )


def actor_of(session: Session, by: str) -> Actor:
    """Return who gave or took a role: someone of the school's office, or the platform."""
    if not by:
        return PLATFORM
    account = session.get_one(Account, uuid.UUID(by))
    here = place_of(session, tenants.here(session), account.id)
    roles, name = here.roles & OFFICE, here.person
    if not roles and not account.operator:  # a head who has just handed over
        roles, name = _last_held(session, account)
    capacity = next((role.value for role in Role if role in roles), Role.OPERATOR.value)
    return Actor(name or account.name, account.email, capacity, "account")


def _last_held(session: Session, account: Account) -> tuple[frozenset[Role], str]:
    """Return the role that was last taken from a person, and the person's name then."""
    for row, people in reversed(list(_entries(session, GIVEN, TAKEN))):
        payload = read_event(row.canonical).payload
        if row.kind == TAKEN and payload["account"] == str(account.id):
            return frozenset({Role(payload["role"])}), people.get(MEMBER, "").removesuffix(
                f" <{account.email}>"
            )
    return frozenset(), ""


@dataclass(frozen=True)
class Entry:
    """One line of the journal: what was done, when (UTC), to whom, by whom. An erased person is an empty text.

    ``role`` is the one given or taken, None where the line is about none; ``reason`` is why a log was restarted.
    """

    kind: str
    at: datetime
    role: Role | None
    member: str
    by: str
    capacity: str
    reason: str


def journal(session: Session) -> list[Entry]:
    """Return what was done with the current school's roles, second factors and log, the latest first."""
    return [
        Entry(
            kind=row.kind,
            at=row.at,
            role=Role(event.payload["role"]) if "role" in event.payload else None,
            member=people.get(MEMBER, ""),
            by=people.get(ACTOR, ""),
            capacity=event.capacity or "",
            reason=str(event.payload.get("reason", "")),
        )
        for row, people in reversed(list(_entries(session, GIVEN, TAKEN, RESET, RESTARTED)))
        for event in [read_event(row.canonical)]
    ]


def _entries(session: Session, *kinds: str) -> Iterator[tuple[EvidenceEvent, Mapping[str, str]]]:
    """Yield the events of some kinds, oldest first, with the people that they commit to; erased ones are absent."""
    mine = (
        EvidenceEvent.subject == subject_of(tenants.here(session).uai),
        EvidenceEvent.kind.in_(kinds),
    )
    rows = list(session.scalars(select(EvidenceEvent).where(*mine).order_by(EvidenceEvent.sequence)))
    salts = select(EvidenceSalt.event_id, EvidenceSalt.name, EvidenceSalt.value).join(
        EvidenceEvent, EvidenceEvent.id == EvidenceSalt.event_id
    )
    known: dict[uuid.UUID, dict[str, str]] = {}
    for salt in session.execute(salts.where(*mine, EvidenceSalt.value.is_not(None))):
        known.setdefault(salt.event_id, {})[salt.name] = salt.value
    for row in rows:
        yield row, known.get(row.id, {})


def role_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each staff role of the database that the evidence does not give, and the other way round."""
    yield from _member_faults(session, uai)
    stated: dict[tuple[str, str], tuple[int, str | None]] = {}
    for row, people in _entries(session, GIVEN, TAKEN):
        payload = _read(row)
        key = (payload.get("account", ""), payload.get("role", ""))
        if row.kind == GIVEN:
            stated[key] = (row.sequence, people.get(MEMBER))
        else:
            stated.pop(key, None)
    held = (
        select(Membership, Account.email)
        .join(Account)
        .where(Membership.role.in_([role.value for role in _STAFF]))
    )
    for member, email in session.execute(held):
        sequence, known = stated.pop((str(member.account_id), member.role), (0, None))
        if not sequence:
            yield _fault(uai, 0, "role-unknown", f"un rôle ({member.role}) est tenu sans avoir été donné")
        elif known is not None and known != person(member.name, email):
            yield _fault(uai, sequence, "role-person", "le nom ou l’adresse de qui tient ce rôle a changé")
    for sequence, _ in stated.values():
        yield _fault(uai, sequence, "role-missing", "ce rôle donné a disparu sans avoir été retiré")


def _member_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each event of a member whose salt does not open its commitment."""
    of_member = (EvidenceSalt.event_id == EvidenceEvent.id) & (EvidenceSalt.name == MEMBER)
    statement = select(EvidenceEvent, EvidenceSalt).outerjoin(EvidenceSalt, of_member)
    for row, salt in session.execute(statement.where(EvidenceEvent.kind.in_((GIVEN, TAKEN, RESET)))):
        kept = (salt.value, salt.salt, salt.erased_at) if salt else (None, None, None)
        if commitment_fault(_read(row).get(MEMBER), *kept):
            yield _fault(
                uai,
                row.sequence,
                "role-person",
                "le nom gardé n’est pas celui de la personne dont l’événement parle",
            )


def _read(row: EvidenceEvent) -> Mapping[str, Any]:
    """Return the payload of an event, empty where the row holds none."""
    event = readable(row.canonical)
    return event.payload if event else {}


def _fault(uai: str, sequence: int, code: str, message: str) -> Fault:
    return Fault(uai, subject_of(uai), sequence, code, message)
