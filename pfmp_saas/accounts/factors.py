"""The second factor of a sign-in: what an account has, what it answers, who must have one, and how it is taken away."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from pfmp_saas.accounts import errors, passkeys, queries, recovery, sessions, totp
from pfmp_saas.accounts.models import Account, AccountTotp, Passkey
from pfmp_saas.accounts.queries import Place
from pfmp_saas.core import mail
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.events import SecondFactorReset, emit
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.roles import Role


class Change(StrEnum):
    """What a person is told by mail of their second factor, in French."""

    APPLICATION_ADDED = "une application d’authentification a été ajoutée"
    APPLICATION_REMOVED = "une application d’authentification a été retirée"
    PASSKEY_ADDED = "une clé d’accès a été ajoutée"
    PASSKEY_REMOVED = "une clé d’accès a été retirée"
    CODES_RENEWED = "de nouveaux codes de secours ont été faits ; les anciens ne servent plus"
    CODE_USED = "un code de secours a servi"
    RESET = "l’exploitant de la plateforme a retiré tous vos moyens, à la demande faite en votre nom"


class Way(StrEnum):
    """What answered for a second factor."""

    APPLICATION = "application"
    PASSKEY = "passkey"
    RECOVERY = "recovery"


@dataclass(frozen=True)
class Answer:
    """What a person gave: digits of an application or a recovery code, or what a passkey signed (JSON)."""

    code: str = ""
    credential: str = ""


@dataclass(frozen=True)
class Means:
    """Around a second factor: the key that seals secrets, the site of passkeys, the service's address, when (UTC)."""

    kek: bytes
    site: passkeys.Site | None
    base_url: str
    now: datetime


@dataclass(frozen=True)
class Held:
    """The second factors of an account, and how many recovery codes it has left."""

    applications: list[AccountTotp]
    passkeys: list[Passkey]
    codes: int

    @property
    def count(self) -> int:
        """Return how many factors there are, recovery codes not counted."""
        return len(self.applications) + len(self.passkeys)


def of_account(session: Session, account_id: uuid.UUID) -> Held:
    """Return what an account has."""
    return Held(
        totp.of_account(session, account_id),
        passkeys.of_account(session, account_id),
        recovery.left(session, account_id),
    )


def held(session: Session, account_id: uuid.UUID) -> bool:
    """Tell whether an account has a second factor."""
    application = exists().where(AccountTotp.account_id == account_id, AccountTotp.confirmed_at.is_not(None))
    passkey = exists().where(Passkey.account_id == account_id)
    return bool(session.scalar(select(application | passkey)))


def missing_here(session: Session, account_id: uuid.UUID, here: Place) -> bool:
    """Tell whether the current school wants a second factor of a person there, who has none."""
    wanted = Role.HEAD in here.roles and here.head_second_factor
    return wanted and not held(session, account_id)


def required(session: Session, account: Account, *, of_operators: bool) -> bool:
    """Tell whether anybody wants a second factor of an account: a school that it heads, the platform of its operators."""
    return (account.operator and of_operators) or _wanted_by_school(session, account.id)


def _wanted_by_school(session: Session, account_id: uuid.UUID) -> bool:
    return any(
        Role.HEAD in place.roles and place.head_second_factor for place in queries.places(session, account_id)
    )


def accept(
    session: Session, account: Account, answer: Answer, challenge: bytes | None, means: Means
) -> Way | None:
    """Return what gave the answer, None when nothing of the account did; each answer serves once."""
    if answer.credential:
        asked = (means.site, challenge)
        good = passkeys.accept(session, account.id, answer.credential, asked, means.now)
        return Way.PASSKEY if good else None
    if totp.accept(session, account.id, answer.code, means.kek, means.now):
        return Way.APPLICATION
    if held(session, account.id) and recovery.accept(session, account.id, answer.code, means.now):
        tell(session, account, Change.CODE_USED, means.base_url)
        return Way.RECOVERY
    return None


def added(
    session: Session, account: Account, change: Change, means: Means, *, within: uuid.UUID
) -> list[str]:
    """Follow a factor just added ``within`` a session: the others end, the person is told.

    Return ten recovery codes to show once with the first factor, nothing with the next ones.
    """
    sessions.end_all(session, account.id, means.now, but=within)
    tell(session, account, change, means.base_url)
    return [] if recovery.left(session, account.id) else recovery.renew(session, account.id)


def renew_codes(session: Session, account: Account, means: Means) -> list[str]:
    """Return ten new recovery codes, and tell the person. Raises NotFound where there is no factor to stand for."""
    if not held(session, account.id):
        raise NotFound
    tell(session, account, Change.CODES_RENEWED, means.base_url)
    return recovery.renew(session, account.id)


def remove(
    session: Session, account: Account, factor_id: uuid.UUID, means: Means, *, of_operators: bool
) -> None:
    """Take one factor of an account away, its recovery codes with the last. Raises NotFound, StillRequired."""
    has = of_account(session, account.id)
    ours: list[AccountTotp | Passkey] = [*has.applications, *has.passkeys]
    row = next((each for each in ours if each.id == factor_id), None)
    if row is None:
        raise NotFound
    if has.count == 1 and required(session, account, of_operators=of_operators):
        raise errors.StillRequired
    change = Change.PASSKEY_REMOVED if isinstance(row, Passkey) else Change.APPLICATION_REMOVED
    session.delete(row)
    if has.count == 1:
        recovery.forget(session, account.id)
    tell(session, account, change, means.base_url)


def forget(session: Session, account_id: uuid.UUID, now: datetime) -> None:
    """Delete every factor and recovery code of an account, and close its sessions."""
    for model in (AccountTotp, Passkey):
        session.execute(delete(model).where(model.account_id == account_id))
    recovery.forget(session, account_id)
    sessions.end_all(session, account_id, now)


def reset(session: Session, account: Account, means: Means, *, by: uuid.UUID) -> None:
    """Take every factor of a person away and close the person's sessions; each school of the person has it in its journal.

    ``by`` is the operator, who has checked that the person asks for it.
    """
    forget(session, account.id, means.now)
    before = session.info.get("tenant")
    for place in queries.places(session, account.id):
        enter_tenant(session, place.establishment_id)
        emit(session, SecondFactorReset(subject_id=account.id, at=means.now, by=str(by)))
    enter_tenant(session, before)
    tell(session, account, Change.RESET, means.base_url)


def tell(session: Session, account: Account, change: Change, base_url: str) -> None:
    """Mail a person what changed, through the first school that knows the person; an operator of none gets no mail."""
    before, homes = session.info.get("tenant"), queries.places(session, account.id)
    if not homes:
        return
    enter_tenant(session, homes[0].establishment_id)
    mail.send(
        session,
        MailKind.SECOND_FACTOR,
        (homes[0].person, account.email),
        subject_id=account.id,
        occurrence=uuid.uuid4().hex,
        change=change.value,
        url=f"{base_url}/compte/double-authentification",
    )
    enter_tenant(session, before)
