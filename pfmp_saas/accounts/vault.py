"""Passwords and sign-in links: what the service may ask PostgreSQL about, one at a time, and never read.

The functions belong to the role ``pfmp_crossing``; the runtime role may only execute them (migration 0032).
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_RECIPE = text("select recipe from crossing_password_recipe(:account)")
_IS = text("select id from crossing_password_is(:account, :hashed)")
_SET = text("select id from crossing_set_password(:account, :present, :hashed)")
_LINK = text("select account_id, next_path, expires_at, used_at from crossing_sign_in_link(:hash)")
_USE = text("select account_id from crossing_use_sign_in_link(:hash, :now)")


def password_recipe(session: Session, account_id: uuid.UUID) -> str | None:
    """Return how an account's password was hashed, parameters and salt without the digest; None without a password."""
    recipe: str | None = session.scalar(_RECIPE, {"account": account_id})
    return recipe


def password_is(session: Session, account_id: uuid.UUID, hashed: str) -> bool:
    """Tell whether an account's password is the one hashed in ``hashed``, by its own recipe."""
    return session.scalar(_IS, {"account": account_id, "hashed": hashed}) is not None


def set_password(session: Session, account_id: uuid.UUID, present: str | None, hashed: str) -> bool:
    """Replace an account's password; tell whether ``present`` was it, hashed by its recipe, None for no password."""
    values = {"account": account_id, "present": present, "hashed": hashed}
    return session.scalar(_SET, values) is not None


def sign_in_link(session: Session, token_hash: bytes) -> Row[Any] | None:
    """Return the sign-in link whose secret has this hash: account, path, expiry, use. None if there is none."""
    return session.execute(_LINK, {"hash": token_hash}).one_or_none()


def use_sign_in_link(session: Session, token_hash: bytes, now: datetime) -> bool:
    """Use a sign-in link that is valid at ``now`` (UTC); False when another was faster."""
    return session.scalar(_USE, {"hash": token_hash, "now": now}) is not None
