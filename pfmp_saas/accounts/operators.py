"""The platform's own people. Only the database's owner names them: the service cannot write who is one."""

from datetime import datetime

from sqlalchemy.orm import Session

from pfmp_saas.accounts import factors, queries, sessions
from pfmp_saas.accounts.models import Account
from pfmp_saas.accounts.use_cases import ensure_account
from pfmp_saas.core.errors import NotFound


def name_operator(session: Session, email: str, name: str, now: datetime) -> Account:
    """Make the person of an address an operator, under a name; naming again changes the name. Sessions end."""
    account = ensure_account(session, email)
    account.name, account.operator = name, True
    sessions.end_all(session, account.id, now)
    return account


def dismiss_operator(session: Session, email: str, now: datetime) -> None:
    """Take the platform away from an operator, whose sessions end. Raises NotFound where the address has none."""
    account = _operator(session, email)
    account.name, account.operator = "", False
    sessions.end_all(session, account.id, now)


def unlock_operator(session: Session, email: str, now: datetime) -> None:
    """Take away the second factors that an operator has lost; sessions end. Raises NotFound where the address has none."""
    factors.forget(session, _operator(session, email).id, now)


def _operator(session: Session, email: str) -> Account:
    account = queries.by_email(session, email)
    if account is None or not account.operator:
        raise NotFound
    return account
