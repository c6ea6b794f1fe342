"""The head's delegation of signature: a deed with dates and a scope, given to a deputy of the school, and its end.

While a deed is in force, what leaves is signed by the deputy, and each document says « par délégation de ». A deputy
whose deed is over signs nothing more: the day of the act counts, not the day of the sending.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from pfmp_saas.accounts import errors, queries
from pfmp_saas.accounts.models import Account, Delegation
from pfmp_saas.core import mail
from pfmp_saas.core.database import current_tenant, existing
from pfmp_saas.core.dates import between
from pfmp_saas.core.events import DelegationEnded, DelegationGiven, emit
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.roles import Role
from pfmp_saas.tenants import queries as tenants


@dataclass(frozen=True)
class Deed:
    """What is delegated: to whom, on which documents (``convention``, ``amendment``), from when to when (local days), by which text."""

    deputy_id: uuid.UUID
    scope: str
    starts_on: date
    ends_on: date
    reference: str


def give(session: Session, deed: Deed, *, by: uuid.UUID, now: datetime) -> Delegation:
    """Delegate the head's signature to a deputy; the deputy is told by mail.

    Raises NotDeputy, WrongDates for a period that ends before it begins or before today, Overlapping.
    """
    tenants.lock(session)
    deputy = next((each for each in deputies(session) if each.account_id == deed.deputy_id), None)
    if deputy is None:
        raise errors.NotDeputy
    if not deed.starts_on <= deed.ends_on >= tenants.today(session, now):
        raise errors.WrongDates
    if any(
        _meet(deed, each) for each in session.scalars(select(Delegation).where(Delegation.ended_at.is_(None)))
    ):
        raise errors.Overlapping
    row = Delegation(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        deputy_id=deed.deputy_id,
        deputy_name=deputy.name,
        scope=deed.scope,
        starts_on=deed.starts_on,
        ends_on=deed.ends_on,
        reference=deed.reference,
        given_by=by,
        given_at=now,
    )
    session.add(row)
    session.flush()
    emit(session, DelegationGiven(subject_id=row.id, at=now, by=str(by)))
    _tell(session, row, deputy)
    return row


def _meet(deed: Deed, row: Delegation) -> bool:
    days = deed.starts_on <= row.ends_on and row.starts_on <= deed.ends_on
    return days and bool(set(deed.scope.split()) & set(row.scope.split()))


def _tell(session: Session, row: Delegation, deputy: queries.Known) -> None:
    head = queries.head(session)
    mail.send(
        session,
        MailKind.DELEGATION,
        (deputy.name, deputy.email),
        subject_id=row.id,
        occurrence="given",
        head=head.name if head else "",
        school=tenants.here(session).name,
        days=between(row.starts_on, row.ends_on),
        reference=row.reference,
    )


def end(session: Session, delegation_id: uuid.UUID, *, by: uuid.UUID, now: datetime) -> Delegation:
    """End a delegation before its date. Raises NotFound, DelegationOver when it has ended already."""
    tenants.lock(session)
    row = existing(session, Delegation, delegation_id)
    if row.ended_at is not None or row.ends_on < tenants.today(session, now):
        raise errors.DelegationOver
    row.ended_at = now
    session.flush()
    emit(session, DelegationEnded(subject_id=row.id, at=now, by=str(by)))
    return row


def deputies(session: Session) -> list[queries.Known]:
    """Return the school's deputies, by name."""
    return queries.members(session, frozenset({Role.DEPUTY}))


def every(session: Session, most: int = 50) -> list[Delegation]:
    """Return the school's delegations, the latest first."""
    return list(
        session.scalars(select(Delegation).order_by(Delegation.starts_on.desc(), Delegation.id).limit(most))
    )


def in_force(session: Session, kind: str, day: date) -> queries.Known | None:
    """Return the deputy who signs documents of a kind for the head on a local day; None where the head signs.

    One who is no deputy any more signs nothing.
    """
    row = session.scalars(select(Delegation).where(Delegation.ended_at.is_(None), *_on(kind, day))).first()
    found = (each for each in deputies(session) if row is not None and each.account_id == row.deputy_id)
    return next(found, None)


def signs_now(session: Session, email: str, kind: str, now: datetime) -> bool:
    """Tell whether an address may sign documents of a kind for the head at ``now`` (UTC): a deputy still, by a deed in force."""
    still = email in {each.email for each in deputies(session)}
    return still and covers(session, email, kind, tenants.today(session, now), now)


def covers(session: Session, email: str, kind: str, day: date, at: datetime) -> bool:
    """Tell whether an address may sign documents of a kind for the head at an instant (UTC), which is a local ``day``."""
    open_then = or_(Delegation.ended_at.is_(None), Delegation.ended_at > at)
    mine = select(Delegation.id).join(Account, Account.id == Delegation.deputy_id)
    return session.scalars(mine.where(Account.email == email, open_then, *_on(kind, day))).first() is not None


def _on(kind: str, day: date) -> tuple[ColumnElement[bool], ...]:
    return (Delegation.starts_on <= day, Delegation.ends_on >= day, Delegation.scope.contains(kind))
