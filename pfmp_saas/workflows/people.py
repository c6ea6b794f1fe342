"""Recipients of the mails of reactions, and the sign-in links in them."""

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from pfmp_saas.accounts import queries as people
from pfmp_saas.accounts.models import Account
from pfmp_saas.accounts.use_cases import make_link
from pfmp_saas.conventions.models import Convention, ConventionParty
from pfmp_saas.core.roles import Role
from pfmp_saas.workflows.context import Around

LINK = timedelta(days=7)


def sign_in_url(session: Session, account_id: uuid.UUID, path: str, around: Around) -> str:
    """Return the URL of a sign-in link, valid for seven days, that leads to ``path``."""
    account = session.get_one(Account, account_id)
    hours = int(LINK.total_seconds() // 3600)
    return f"{around.base_url}/entree/{make_link(session, account, around.now, next_path=path, hours=hours)}"


def parties(convention: Convention, role: str) -> list[ConventionParty]:
    """Return a convention's parties in one capacity."""
    return [party for party in convention.parties if party.role == role]


def office(session: Session) -> list[tuple[str, str]]:
    """Return the name and address of each of the DDFPT and the office, or the school's own address without them."""
    return _named(session, Role.DDFPT, Role.SECRETARIAT) or [("", people.contact(session))]


def in_charge(session: Session) -> list[tuple[str, str]]:
    """Return the name and address of the head and of each DDFPT, or the school's own address without them."""
    return _named(session, Role.HEAD, Role.DDFPT) or [("", people.contact(session))]


def head_and_office(session: Session) -> list[tuple[str, str]]:
    """Return the names and addresses of the head, of the DDFPT and of the office, or the school's own address."""
    everyone = _named(session, Role.HEAD, Role.DDFPT, Role.SECRETARIAT)
    return everyone or [("", people.contact(session))]


def _named(session: Session, *roles: Role) -> list[tuple[str, str]]:
    """Return each member who holds one of ``roles``, once."""
    names = {member.email: member.name for member in people.members(session, frozenset(roles))}
    return [(name, email) for email, name in names.items()]
