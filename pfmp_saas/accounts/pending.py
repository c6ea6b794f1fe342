"""Sign-ins that wait for a second factor: kept here, short, bound to one browser, and worth nothing by themselves."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account, PendingSignIn
from pfmp_saas.accounts.use_cases import token_hash

LASTS = timedelta(minutes=10)
TRIES = 5
"""Wrong answers after which the sign-in starts again from the password or the link."""


def begin(session: Session, account: Account, next_path: str, now: datetime) -> str:
    """Note that an account's password or link was good; return the secret that its second page is asked with."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(
        PendingSignIn(
            account_id=account.id,
            token_hash=token_hash(token),
            next_path=next_path,
            tries=0,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    return token


def open_one(session: Session, token: str, now: datetime) -> tuple[Account, PendingSignIn] | None:
    """Return a sign-in that still waits, locked, and its account; None when it is over or never was."""
    statement = (
        select(Account, PendingSignIn)
        .join(PendingSignIn, PendingSignIn.account_id == Account.id)
        .where(
            PendingSignIn.token_hash == token_hash(token),
            PendingSignIn.expires_at > now,
            PendingSignIn.tries < TRIES,
            Account.active,
        )
        .with_for_update(of=PendingSignIn)
    )
    found = session.execute(statement.execution_options(populate_existing=True)).one_or_none()
    return (found[0], found[1]) if found else None


def failed(session: Session, waiting: PendingSignIn) -> bool:
    """Count a wrong answer; tell whether another one may follow. The challenge was answered: it serves no more."""
    waiting.tries, waiting.challenge = waiting.tries + 1, None
    session.flush()
    return waiting.tries < TRIES


def end(session: Session, waiting: PendingSignIn) -> None:
    """End a sign-in: it was completed."""
    session.delete(waiting)
    session.flush()
