"""A code of six digits beside the link, where the school asks for it: mailed to the signer, good for a quarter of an hour."""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pfmp_saas.core import mail
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.moves import locked, may
from pfmp_saas.signing import errors, texts
from pfmp_saas.signing.links import asked_by
from pfmp_saas.signing.models import Signer
from pfmp_saas.tenants import queries as tenants

LIFE = timedelta(minutes=15)
TRIES = 5
_EACH = timedelta(minutes=1)
"""How long no other code is mailed after one."""


def wanted(session: Session) -> bool:
    """Tell whether the current school asks for a code of who signs by a link."""
    return bool(tenants.settings(session).signing_code)


def is_sent(signer: Signer, now: datetime) -> bool:
    """Tell whether a signer has a code that is still good."""
    return signer.code_until is not None and signer.code_until > now and signer.code_tries < TRIES


def send(session: Session, signer_id: uuid.UUID, kek: bytes, now: datetime) -> None:
    """Mail a fresh code to a signer's own address; within a minute of the last, nothing. Raises NotFound, Conflict."""
    signer = locked(session, Signer, signer_id, under=Signer.request)
    may(signer, "sign")
    if signer.code_until and signer.code_until - LIFE + _EACH > now:
        return
    code = f"{secrets.randbelow(10**6):06d}"
    signer.code_hash, signer.code_until, signer.code_tries = _digest(kek, signer, code), now + LIFE, 0
    mail.send(
        session,
        MailKind.SIGNING_CODE,
        (signer.name, signer.email),
        subject_id=signer.id,
        occurrence=uuid.uuid4().hex,
        code=f"{code[:3]} {code[3:]}",
        minutes=int(LIFE.total_seconds() // 60),
        title=signer.request.title,
        **asked_by(session),
    )


def check(session: Session, signer_id: uuid.UUID, typed: str, kek: bytes, now: datetime) -> str:
    """Return the means that a right code proves. Raises NoCode, CodeOver, WrongCode: the caller counts the miss."""
    signer = locked(session, Signer, signer_id, under=Signer.request)
    digits = "".join(each for each in typed if each in "0123456789")
    if not digits:
        raise errors.NoCode
    if signer.code_hash is None or not is_sent(signer, now):
        raise errors.CodeOver
    if not hmac.compare_digest(signer.code_hash, _digest(kek, signer, digits)):
        raise errors.WrongCode
    signer.code_hash = signer.code_until = None
    return texts.BY_CODE


def missed(session: Session, signer_id: uuid.UUID) -> None:
    """Count a wrong code; after five no code is taken before another is mailed. Raises NotFound."""
    locked(session, Signer, signer_id, under=Signer.request).code_tries += 1


def _digest(kek: bytes, signer: Signer, code: str) -> bytes:
    return hashlib.blake2b(signer.id.bytes + code.encode(), key=kek[:64], digest_size=32).digest()
