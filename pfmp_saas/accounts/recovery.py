"""Recovery codes: ten, shown once, each good once in the place of a second factor that was lost."""

import base64
import hashlib
import re
import secrets
import uuid
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import RecoveryCode

COUNT = 10
_BYTES = 10  # 80 bits: nobody guesses one, even from its hash
_MISREAD = str.maketrans("018", "OIB")


def renew(session: Session, account_id: uuid.UUID) -> list[str]:
    """Return ten new codes, to be shown once; those before serve no more."""
    forget(session, account_id)
    codes = [base64.b32encode(secrets.token_bytes(_BYTES)).decode() for _ in range(COUNT)]
    session.add_all(
        RecoveryCode(account_id=account_id, code_hash=_hashed(account_id, code)) for code in codes
    )
    session.flush()
    return [" ".join(re.findall("....", code)) for code in codes]


def forget(session: Session, account_id: uuid.UUID) -> None:
    """Delete every code of an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def accept(session: Session, account_id: uuid.UUID, typed: str, now: datetime) -> bool:
    """Use a code of the account, once; tell whether it was one."""
    code = re.sub(r"[\s-]", "", typed).upper().translate(_MISREAD)
    using = update(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_hash == _hashed(account_id, code),
        RecoveryCode.used_at.is_(None),
    )
    return session.scalar(using.values(used_at=now).returning(RecoveryCode.id)) is not None


def left(session: Session, account_id: uuid.UUID) -> int:
    """Return how many codes of an account were not used."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def _hashed(account_id: uuid.UUID, code: str) -> bytes:
    return hashlib.sha256(account_id.bytes + code.encode("utf-8", "replace")).digest()
