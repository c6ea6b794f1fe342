"""Staff roles: given and taken by the school, and the head's, which passes from one person to the next.

A role that is given or taken is an event in the same transaction: the journal and the evidence tell it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pfmp_saas.accounts import errors, queries, sessions
from pfmp_saas.accounts.forms import Member
from pfmp_saas.accounts.models import Account, Membership
from pfmp_saas.accounts.use_cases import ensure_account, ensure_membership, invite
from pfmp_saas.core import mail
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.events import RoleGiven, RoleTaken, emit
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.roles import GIVEN_BY_SCHOOL, Role
from pfmp_saas.tenants import queries as tenants


@dataclass(frozen=True)
class Giving:
    """Around a role that changes hands: who does it (None for the platform), the service's address, when (UTC)."""

    by: uuid.UUID | None
    base_url: str
    now: datetime


def add_member(session: Session, member: Member, giving: Giving) -> Account:
    """Give a person a role in the current school, mail a sign-in link, and return the account.

    The head's role is not given so: see :func:`change_head`. Raises NotGiven.
    """
    if member.role not in GIVEN_BY_SCHOOL:
        raise errors.NotGiven
    account = give(session, member, giving)
    invite(session, account, member.name, _school(session), giving.base_url, giving.now)
    return account


def give(session: Session, member: Member, giving: Giving) -> Account:
    """Give a person a staff role; giving it twice changes nothing."""
    account = ensure_account(session, member.email)
    if ensure_membership(session, account, member.role, member.name):
        sessions.end_all(session, account.id, giving.now)
        emit(
            session,
            RoleGiven(subject_id=account.id, at=giving.now, role=member.role.value, by=_by(giving)),
        )
    return account


def remove_member(session: Session, account_id: uuid.UUID, role: str, giving: Giving) -> None:
    """Take away a role that the school gave. Raises NotFound, DomainError when it is one of the giver's own."""
    held = {(each.account_id, each.role) for each in queries.members(session, frozenset(GIVEN_BY_SCHOOL))}
    if (account_id, role) not in held:
        raise NotFound
    if account_id == giving.by:
        raise errors.OwnRemoval
    _take(session, account_id, Role(role), giving)


def change_head(session: Session, person: Member, giving: Giving) -> Account:
    """Put a person at the school's head in the place of the one in office; both are told by mail.

    Raises AlreadyHead. Only the head in office and the platform may: their pages and commands alone call it.
    """
    tenants.lock(session)  # two at once would both find the same head in office
    former = queries.head(session)
    if former and former.email == travelling(person.email):
        raise errors.AlreadyHead
    if former:
        _take(session, former.account_id, Role.HEAD, giving)
    account = give(session, person, giving)
    invite(session, account, person.name, _school(session), giving.base_url, giving.now)
    if former:
        for to in ((person.name, account.email), (former.name, former.email)):
            _tell(session, to, person.name, former.name)
    return account


def _tell(session: Session, to: tuple[str, str], head: str, former: str) -> None:
    occurrence, school = uuid.uuid4().hex, _school(session)
    mail.send(
        session,
        MailKind.HEAD_CHANGED,
        to,
        subject_id=uuid.uuid4(),
        occurrence=occurrence,
        school=school,
        head=head,
        former=former,
    )


def _take(session: Session, account_id: uuid.UUID, role: Role, giving: Giving) -> None:
    emit(session, RoleTaken(subject_id=account_id, at=giving.now, role=role.value, by=_by(giving)))
    sessions.end_all(session, account_id, giving.now)
    mine = (Membership.account_id == account_id, Membership.role == role.value)
    session.execute(delete(Membership).where(*mine))


def _by(giving: Giving) -> str:
    return str(giving.by) if giving.by else ""


def _school(session: Session) -> str:
    return tenants.here(session).name
