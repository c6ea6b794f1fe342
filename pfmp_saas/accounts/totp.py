"""Codes of an application, every thirty seconds (RFC 6238): set up, confirmed, and each accepted once."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
import structlog
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from pfmp_saas.accounts import errors
from pfmp_saas.accounts.models import Account, AccountTotp
from pfmp_saas.core.logs import failed
from pfmp_saas.core.sealed import seal, unseal

LOG = structlog.get_logger("pfmp")
STEP = 30
"""Seconds that a code is shown."""
MOST = 5
_DRIFT = 1  # steps that the clock of a phone may be early or late
_ISSUER = "PFMP"
_DIGITS = 6


@dataclass(frozen=True)
class Shown:
    """What an application reads: a picture (data address of an SVG), and the secret in groups of four to type."""

    picture: str
    secret: str
    address: str


def begin(session: Session, account_id: uuid.UUID, kek: bytes, now: datetime) -> AccountTotp:
    """Prepare an application, in the place of one that was never confirmed. Raises TooMany."""
    if len(of_account(session, account_id)) >= MOST:
        raise errors.TooMany
    awaited_ones = (AccountTotp.account_id == account_id, AccountTotp.confirmed_at.is_(None))
    session.execute(delete(AccountTotp).where(*awaited_ones))
    secret = pyotp.random_base32()
    row = AccountTotp(
        account_id=account_id, sealed_secret=seal(secret.encode(), kek, _purpose(account_id)), created_at=now
    )
    session.add(row)
    session.flush()
    return row


def awaited(session: Session, account_id: uuid.UUID) -> AccountTotp | None:
    """Return the application that waits for its first code, None where there is none."""
    mine = (AccountTotp.account_id == account_id, AccountTotp.confirmed_at.is_(None))
    return session.scalars(select(AccountTotp).where(*mine)).one_or_none()


def of_account(session: Session, account_id: uuid.UUID) -> list[AccountTotp]:
    """Return the confirmed applications of an account, the oldest first."""
    mine = (AccountTotp.account_id == account_id, AccountTotp.confirmed_at.is_not(None))
    return list(session.scalars(select(AccountTotp).where(*mine).order_by(AccountTotp.confirmed_at)))


def shown(row: AccountTotp, account: Account, kek: bytes) -> Shown:
    """Return what is shown once, while an application is set up."""
    secret = _secret(row, kek)
    address = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=_ISSUER)
    code = segno.make(address, error="m", micro=False)
    fours = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return Shown(code.svg_data_uri(scale=5, light="#fff"), fours, address)


def confirm(session: Session, row: AccountTotp, code: str, kek: bytes, now: datetime) -> None:
    """Take an application into use by its first code. Raises WrongAnswer."""
    if not _take(session, row, code, kek, now):
        raise errors.WrongAnswer
    row.confirmed_at = now
    session.flush()


def accept(session: Session, account_id: uuid.UUID, code: str, kek: bytes, now: datetime) -> bool:
    """Tell whether one of the account's applications shows this code now; a code of a step serves once."""
    return any(_take(session, row, code, kek, now) for row in of_account(session, account_id))


def _take(session: Session, row: AccountTotp, code: str, kek: bytes, now: datetime) -> bool:
    typed = "".join(code.split())
    if len(typed) != _DIGITS or not typed.isascii():
        return False
    try:
        generator = pyotp.HOTP(_secret(row, kek))
    except ValueError as error:  # the key changed, or the row did: nothing but a recovery code answers
        failed(LOG, "a second factor's secret does not open", error)
        return False
    present = int(now.timestamp()) // STEP
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        if compare_digest(generator.at(step), typed):
            later = or_(AccountTotp.last_step.is_(None), AccountTotp.last_step < step)
            taking = update(AccountTotp).where(AccountTotp.id == row.id, later)
            taken = taking.values(last_step=step, used_at=now).returning(AccountTotp.id)
            return session.scalar(taken) is not None
    return False


def _secret(row: AccountTotp, kek: bytes) -> str:
    return unseal(row.sealed_secret, kek, _purpose(row.account_id)).decode()


def _purpose(account_id: uuid.UUID) -> bytes:
    """Return what a secret is sealed for: put in another account's row, it does not open."""
    return b"pfmp/second-factor/1/" + account_id.bytes
