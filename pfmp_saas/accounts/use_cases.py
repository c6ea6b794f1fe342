"""Accounts, memberships, and the two ways in: password for staff, e-mailed link for the others."""

import hashlib
import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pfmp_saas.accounts import errors, passwords, queries, vault
from pfmp_saas.accounts.models import Account, AskedLink, Membership, SignInLink
from pfmp_saas.core import mail
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.database import current_tenant, enter_tenant
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.roles import Role

LINK_HOURS = 24
_LONGEST = 254  # characters of an address, RFC 5321
_NOBODY = uuid.UUID(int=0)
_USED = "Ce lien a déjà servi : il n’ouvre la porte qu’une fois."


class LinkGone(DomainError):
    """The sign-in link was used or has expired."""

    status = 410


def ensure_account(session: Session, email: str) -> Account:
    """Return the account with this address, created without a password if there is none."""
    address = travelling(email)
    statement = insert(Account).values(id=uuid.uuid4(), email=address)
    session.execute(statement.on_conflict_do_nothing(index_elements=["email"]))
    return session.scalars(select(Account).where(Account.email == address)).one()


def ensure_membership(session: Session, account: Account, role: Role, name: str) -> bool:
    """Give ``account`` a role in the current tenant under a name; return whether it had not got it yet."""
    values = {
        "id": uuid.uuid4(),
        "tenant_id": current_tenant(session),
        "account_id": account.id,
        "role": role.value,
        "name": name,
    }
    fresh = insert(Membership).values(values).on_conflict_do_nothing().returning(Membership.id)
    return session.scalar(fresh) is not None


def invite(session: Session, account: Account, name: str, school: str, base_url: str, now: datetime) -> None:
    """Mail a first sign-in link, good for a week, to someone who has just been given a role here."""
    url = f"{base_url}/entree/{make_link(session, account, now, next_path='/compte', hours=168)}"
    to = (name, account.email)
    mail.send(
        session,
        MailKind.WELCOME,
        to,
        subject_id=account.id,
        occurrence=uuid.uuid4().hex,
        school=school,
        url=url,
    )


def set_password(
    session: Session,
    account: Account,
    password: str,
    own: Collection[str] = (),
    *,
    present: str | None = None,
) -> None:
    """Set a person's password; ``own`` are texts about the person beside the address.

    ``present`` is what :func:`check_present` returned. Raises DomainError when the password is weak, WrongPresent when
    another took the place of the present one meanwhile.
    """
    fault = passwords.fault(password, [account.email, account.name, *own])
    if fault:
        raise DomainError(fault, field="password")
    if not vault.set_password(session, account.id, present, passwords.hash_password(password)):
        raise errors.WrongPresent


def has_password(session: Session, account_id: uuid.UUID) -> bool:
    """Tell whether an account has a password."""
    return vault.password_recipe(session, account_id) is not None


def check_present(session: Session, account_id: uuid.UUID, password: str) -> str | None:
    """Check the password that an account has before another takes its place; return it, hashed. Raises WrongPresent.

    None for an account without a password, whatever was typed.
    """
    hashed = _hashed(session, account_id, password)
    if hashed is None and has_password(session, account_id):
        raise errors.WrongPresent
    return hashed


def sign_in(session: Session, email: str, password: str) -> Account:
    """Return the account that this password opens. Raises DomainError, the same for every cause."""
    account = queries.by_email(session, email)
    if _hashed(session, account.id if account else _NOBODY, password) is None or account is None:
        raise errors.WrongPassword
    return account


def _hashed(session: Session, account_id: uuid.UUID, password: str) -> str | None:
    """Return an account's password, hashed, where ``password`` is it; the same work is done for an account unknown."""
    hashed = passwords.hashed_by(vault.password_recipe(session, account_id), password)
    return hashed if vault.password_is(session, account_id, hashed) else None


def make_link(
    session: Session, account: Account, now: datetime, *, next_path: str = "/accueil", hours: int = LINK_HOURS
) -> str:
    """Return the secret of a new sign-in link, valid for ``hours``; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    values = {
        "account_id": account.id,
        "token_hash": token_hash(token),
        "next_path": next_path,
        "expires_at": now + timedelta(hours=hours),
    }
    session.execute(insert(SignInLink).values(values))
    return token


def ask_link(session: Session, email: str, now: datetime) -> None:
    """Note that a sign-in link was asked: a known address and an unknown one take the same work, so the same time."""
    session.add(AskedLink(email=travelling(email)[:_LONGEST], asked_at=now))


def take_asked(session: Session) -> str | None:
    """Return the address for which a link was asked the longest ago, and forget that it was; None when there is none."""
    oldest = select(AskedLink).order_by(AskedLink.asked_at).limit(1).with_for_update(skip_locked=True)
    row = session.scalars(oldest).one_or_none()
    if row is None:
        return None
    session.delete(row)
    return row.email


def mail_link(session: Session, email: str, base_url: str, now: datetime) -> None:
    """Mail a sign-in link to the account of an address; do nothing, silently, when there is none."""
    account = queries.by_email(session, email)
    homes = queries.places(session, account.id) if account else []
    if account is None or not homes:
        return
    enter_tenant(session, homes[0].establishment_id)
    token = make_link(session, account, now)
    mail.send(
        session,
        MailKind.SIGN_IN_LINK,
        (homes[0].person, account.email),
        subject_id=uuid.uuid4(),
        occurrence="1",
        url=f"{base_url}/entree/{token}",
        hours=LINK_HOURS,
    )


def peek_link(session: Session, token: str, now: datetime) -> Row[Any]:
    """Return the account and the path of a sign-in link that is still valid, unused. Raises NotFound or LinkGone."""
    link = vault.sign_in_link(session, token_hash(token))
    if link is None:
        raise errors.UnknownLink
    if link.used_at:
        raise LinkGone(_USED)
    if link.expires_at <= now:
        raise LinkGone("Ce lien a expiré.")
    return link


def use_link(session: Session, token: str, now: datetime) -> tuple[Account, str]:
    """Use a sign-in link, once; return its account and where it leads. Raises NotFound or LinkGone."""
    link = peek_link(session, token, now)
    if not vault.use_sign_in_link(session, token_hash(token), now):
        raise LinkGone(_USED)
    return session.get_one(Account, link.account_id), link.next_path


def token_hash(token: str) -> bytes:
    """Return the SHA-256 under which a link's secret is stored."""
    return hashlib.sha256(token.encode()).digest()
