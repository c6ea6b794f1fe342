"""Sessions of signed-in people, kept here and not in their cookie: listed, closed at will, ended by what ends trust."""

import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account, AccountSession, PendingSignIn
from pfmp_saas.accounts.use_cases import token_hash
from pfmp_saas.core.errors import NotFound

IDLE = timedelta(hours=12)
"""How long a session stays open without a request: a day's work, not a night."""
LONGEST = timedelta(days=30)
"""How long a session stays open at most, and how long one that ended is kept."""
PROVED = timedelta(minutes=10)
"""How long a proof given within a session lets change what opens the account, and a passkey's challenge waits."""
_SEEN_EVERY = timedelta(minutes=5)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def begin(session: Session, account: Account, agent: str, now: datetime) -> str:
    """Open a session of an account and return its secret, of which only the hash is kept."""
    _forget_old(session, account.id, now)
    token = secrets.token_urlsafe(32)
    session.add(
        AccountSession(
            account_id=account.id,
            token_hash=token_hash(token),
            device=device_of(agent),
            begun_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def open_one(session: Session, token: str, now: datetime) -> tuple[Account, AccountSession] | None:
    """Return the account that a session's secret opens, and the session; None when it ended, was idle, or never was."""
    statement = (
        select(Account, AccountSession)
        .join(AccountSession, AccountSession.account_id == Account.id)
        .where(
            AccountSession.token_hash == token_hash(token),
            AccountSession.ended_at.is_(None),
            AccountSession.seen_at > now - IDLE,
            AccountSession.begun_at > now - LONGEST,
            Account.active,
        )
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    account, kept = found
    if now - kept.seen_at > _SEEN_EVERY:
        kept.seen_at = now
    return account, kept


def of_account(session: Session, account_id: uuid.UUID, now: datetime) -> list[AccountSession]:
    """Return the open sessions of an account, the latest seen first."""
    statement = select(AccountSession).where(*_open(account_id, now)).order_by(AccountSession.seen_at.desc())
    return list(session.scalars(statement))


def end(session: Session, account_id: uuid.UUID, session_id: uuid.UUID, now: datetime) -> None:
    """Close one session of an account. Raises NotFound for another's, or one that ended."""
    closing = update(AccountSession).where(*_open(account_id, now), AccountSession.id == session_id)
    if not session.scalar(closing.values(ended_at=now).returning(AccountSession.id)):
        raise NotFound


def end_all(session: Session, account_id: uuid.UUID, now: datetime, *, but: uuid.UUID | None = None) -> None:
    """Close every session of an account, one left open where so asked, and every sign-in that is half done."""
    closing = update(AccountSession).where(*_open(account_id, now))
    if but is not None:
        closing = closing.where(AccountSession.id != but)
    session.execute(closing.values(ended_at=now))
    session.execute(delete(PendingSignIn).where(PendingSignIn.account_id == account_id))


def proved(session: Session, session_id: uuid.UUID, now: datetime) -> bool:
    """Tell whether the person of a session has proved of late, within it, to be who they are."""
    known = session.scalar(select(AccountSession.proved_at).where(AccountSession.id == session_id))
    return known is not None and known > now - PROVED


def prove(session: Session, session_id: uuid.UUID, now: datetime) -> None:
    """Note that the person of a session has just proved to be who they are."""
    session.execute(update(AccountSession).where(AccountSession.id == session_id).values(proved_at=now))


def ask(session: Session, session_id: uuid.UUID, challenge: bytes, now: datetime) -> None:
    """Keep what a passkey is asked to sign within a session, in the place of what was asked before."""
    asking = update(AccountSession).where(AccountSession.id == session_id)
    session.execute(asking.values(challenge=challenge, challenge_until=now + PROVED))


def asked(session: Session, session_id: uuid.UUID, now: datetime) -> bytes | None:
    """Return what a passkey was asked to sign within a session, once: it is forgotten."""
    row = session.get_one(AccountSession, session_id, with_for_update=True, populate_existing=True)
    challenge, until = row.challenge, row.challenge_until
    row.challenge = row.challenge_until = None
    session.flush()
    return challenge if until and until > now else None


def _open(account_id: uuid.UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        AccountSession.account_id == account_id,
        AccountSession.ended_at.is_(None),
        AccountSession.seen_at > now - IDLE,
    )


def _forget_old(session: Session, account_id: uuid.UUID, now: datetime) -> None:
    old = or_(AccountSession.ended_at < now - LONGEST, AccountSession.seen_at < now - LONGEST)
    session.execute(delete(AccountSession).where(AccountSession.account_id == account_id, old))


def device_of(agent: str) -> str:
    """Return a browser's description in few words, as « Firefox, Windows »; only known names, never the text itself."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "navigateur inconnu")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser}, {system}" if system else browser
