"""What a person had typed when the session or the form's token was over: sealed to that person, shown again once."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import AccountSession, KeptForm
from pfmp_saas.accounts.use_cases import token_hash
from pfmp_saas.core.sealed import seal, unseal

KEPT = timedelta(days=1)
"""How long it waits for its person."""
MOST_BYTES = 200_000
_NEVER = ("password", "present", "again", "code", "credential", "csrf_token", "seen")
"""Fields that are not kept: what opens an account, and what belongs to the page that is over."""
Typed = Mapping[str, Sequence[str]]


def owner_of(session: Session, token: str) -> uuid.UUID | None:
    """Return whose session a secret opened, even one that ended; None where it never was."""
    return session.scalar(
        select(AccountSession.account_id).where(AccountSession.token_hash == token_hash(token))
    )


def keep(session: Session, account_id: uuid.UUID, path: str, typed: Typed, kek: bytes, now: datetime) -> bool:
    """Keep what an account had typed for the page at ``path``, in place of what was kept before; tell whether it is.

    Nothing is kept of a form without a word, or of one that is too long. Whatever waited longer than a day goes.
    """
    worth = {name: list(texts) for name, texts in typed.items() if name not in _NEVER and any(texts)}
    plain = json.dumps(worth, ensure_ascii=False).encode()
    if not worth or len(plain) > MOST_BYTES:
        return False
    session.execute(
        delete(KeptForm).where(or_(KeptForm.account_id == account_id, KeptForm.kept_at < now - KEPT))
    )
    sealed = seal(plain, kek, _purpose(account_id))
    session.add(KeptForm(account_id=account_id, path=path, sealed=sealed, kept_at=now))
    session.flush()
    return True


def path_of(session: Session, account_id: uuid.UUID, now: datetime) -> str | None:
    """Return the page that waits with what an account had typed and has not seen again."""
    return session.scalar(
        select(KeptForm.path).where(
            KeptForm.account_id == account_id, KeptForm.kept_at > now - KEPT, KeptForm.shown_at.is_(None)
        )
    )


def typed_for(
    session: Session, account_id: uuid.UUID, path: str, kek: bytes, now: datetime
) -> dict[str, list[str]] | None:
    """Return what an account had typed for a page, None where nothing is kept or the key is another."""
    row = session.scalars(
        select(KeptForm).where(
            KeptForm.account_id == account_id, KeptForm.path == path, KeptForm.kept_at > now - KEPT
        )
    ).one_or_none()
    if row is None:
        return None
    try:
        plain = unseal(row.sealed, kek, _purpose(account_id))
    except ValueError:
        return None
    row.shown_at = now
    found: dict[str, list[str]] = json.loads(plain)
    return found


def _purpose(account_id: uuid.UUID) -> bytes:
    return b"pfmp/kept-form/1/" + account_id.bytes
