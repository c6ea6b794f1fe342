"""Reading accounts, and the establishments where they hold roles."""

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account, Membership
from pfmp_saas.core import crossing
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.roles import Role
from pfmp_saas.tenants.models import Establishment


@dataclass(frozen=True)
class Place:
    """One establishment where an account holds roles."""

    establishment_id: uuid.UUID
    uai: str
    name: str
    timezone: str
    roles: frozenset[Role]

    @property
    def zone(self) -> ZoneInfo:
        """Return the establishment's time zone."""
        return ZoneInfo(self.timezone)


def by_email(session: Session, email: str) -> Account | None:
    """Return the active account with this address, whatever its case."""
    statement = select(Account).where(Account.email == email.strip().lower(), Account.active)
    return session.scalars(statement).one_or_none()


def operators(session: Session) -> list[Account]:
    """Return the platform's operators, by name."""
    statement = select(Account).where(Account.operator, Account.active).order_by(Account.name)
    return list(session.scalars(statement))


def places(session: Session, account_id: uuid.UUID) -> list[Place]:
    """Return the establishments where the account is a member, by name. Leaves the tenant scope as it was."""
    before = session.info.get("tenant")
    establishments = {pointer.tenant_id for pointer in crossing.memberships(session, account_id)}
    result = [_place(session, tenant, account_id) for tenant in establishments]
    enter_tenant(session, before)
    return sorted(result, key=lambda place: place.name)


def _place(session: Session, tenant_id: uuid.UUID, account_id: uuid.UUID) -> Place:
    enter_tenant(session, tenant_id)
    establishment = session.get_one(Establishment, tenant_id)
    roles = roles_here(session, account_id)
    return Place(tenant_id, establishment.uai, establishment.name, establishment.timezone, roles)


def roles_here(session: Session, account_id: uuid.UUID) -> frozenset[Role]:
    """Return the account's roles in the current tenant."""
    statement = select(Membership.role).where(Membership.account_id == account_id)
    return frozenset(Role(role) for role in session.scalars(statement))


def members(session: Session, roles: frozenset[Role]) -> list[tuple[Account, Role]]:
    """Return the current tenant's members who hold one of ``roles``, by name."""
    statement = (
        select(Account, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.role.in_(roles), Account.active)
        .order_by(Account.name)
    )
    return [(account, Role(role)) for account, role in session.execute(statement)]
