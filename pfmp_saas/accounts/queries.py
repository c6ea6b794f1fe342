"""Reading accounts, and the establishments where they hold roles."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account, Membership
from pfmp_saas.core import crossing
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.roles import Role
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import Establishment, EstablishmentSettings


@dataclass(frozen=True)
class Place:
    """One establishment where an account holds roles."""

    establishment_id: uuid.UUID
    uai: str
    name: str
    timezone: str
    roles: frozenset[Role]
    person: str
    """The name by which this establishment knows the person."""
    head_second_factor: bool = False
    """Whether this establishment wants a second factor of its head."""

    @property
    def zone(self) -> ZoneInfo:
        """Return the establishment's time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class Known:
    """A member of the current establishment: one role, and the name by which the establishment knows the person."""

    account_id: uuid.UUID
    name: str
    email: str
    role: Role


def by_email(session: Session, email: str) -> Account | None:
    """Return the active account with this address, whatever its case."""
    statement = select(Account).where(Account.email == travelling(email), Account.active)
    return session.scalars(statement).one_or_none()


def operators(session: Session) -> list[Account]:
    """Return the platform's operators, by name."""
    statement = select(Account).where(Account.operator, Account.active).order_by(Account.name)
    return list(session.scalars(statement))


def places(session: Session, account_id: uuid.UUID) -> list[Place]:
    """Return the establishments where the account is a member, by name. Leaves the tenant scope as it was."""
    return sorted(visited(session, account_id), key=lambda place: place.name)


def visited(session: Session, account_id: uuid.UUID) -> Iterator[Place]:
    """Yield the establishments where the account is a member, each while it is the current tenant.

    Leaves the tenant scope as it was.
    """
    before = session.info.get("tenant")
    tenants_of = {pointer.tenant_id for pointer in crossing.memberships(session, account_id)}
    known = {row.id: row for row in tenants.by_id(session, tenants_of)}
    for tenant_id in tenants_of:
        enter_tenant(session, tenant_id)
        yield place_of(session, known[tenant_id], account_id)
    enter_tenant(session, before)


def place_of(session: Session, establishment: Establishment, account_id: uuid.UUID) -> Place:
    """Return what an account is in the current tenant, which is ``establishment``."""
    statement = (
        select(Membership.role, Membership.name, EstablishmentSettings.head_second_factor)
        .outerjoin(EstablishmentSettings, EstablishmentSettings.tenant_id == Membership.tenant_id)
        .where(Membership.account_id == account_id)
        .order_by(Membership.created_at)
    )
    held = session.execute(statement).all()
    name = next((row.name for row in held if row.name), "")
    roles = frozenset(Role(row.role) for row in held)
    factor = any(row.head_second_factor for row in held)
    return Place(
        establishment.id, establishment.uai, establishment.name, establishment.timezone, roles, name, factor
    )


def members(session: Session, roles: frozenset[Role]) -> list[Known]:
    """Return the current tenant's members who hold one of ``roles``, by name."""
    statement = (
        select(Account.id, Membership.name, Account.email, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.role.in_(roles), Account.active)
        .order_by(Membership.name, Account.email)
    )
    return [Known(row.id, row.name, row.email, Role(row.role)) for row in session.execute(statement)]


def name_here(session: Session, account_id: uuid.UUID) -> str:
    """Return the name by which the current tenant knows an account, empty for a stranger."""
    statement = select(Membership.name).where(Membership.account_id == account_id, Membership.name != "")
    return session.scalar(statement.limit(1)) or ""


def head(session: Session) -> Known | None:
    """Return the head in office of the current tenant, None where there is none."""
    return next(iter(members(session, frozenset({Role.HEAD}))), None)


def referents(session: Session) -> dict[str, str]:
    """Return the names of the current tenant's referent teachers, by address."""
    return {each.email: each.name for each in members(session, frozenset({Role.REFERENT}))}


def contact(session: Session) -> str:
    """Return the address at which the current school is written to: its own, or its head's."""
    own = tenants.settings(session).email
    in_office = None if own else head(session)
    return own or (in_office.email if in_office else "")
