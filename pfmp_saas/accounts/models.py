"""Accounts cross establishments; memberships belong to one."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, false, func, text, true
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, Identified, TenantOwned


class Account(Identified, Base):
    """A person who can be recognised, by an e-mail address kept in lower case.

    ``name`` is the platform's own people's; what a school calls a person stands in the membership.

    The runtime role writes an address and nothing else: ``operator`` and ``name`` are the database owner's to write
    (`accounts.operators`), the password's digest is nobody's to read (`accounts.vault`).
    """

    __tablename__ = "accounts"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    password_hash: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    operator: Mapped[bool] = mapped_column(server_default=false())
    active: Mapped[bool] = mapped_column(server_default=true())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(TenantOwned, Base):
    """A role that an account holds in an establishment, under the name by which this school knows the person."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id", "role"),
        Index("ix_memberships_one_head", "tenant_id", unique=True, postgresql_where=text("role = 'head'")),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Delegation(TenantOwned, Base):
    """A deed by which the head lets a deputy sign: ``scope`` are kinds of documents, ``reference`` is the deed's own.

    Days are the school's; ``ended_at`` (UTC) is when the head ended it before its date.
    """

    __tablename__ = "delegations"

    deputy_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    deputy_name: Mapped[str]
    scope: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reference: Mapped[str]
    given_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AccountSession(Identified, Base):
    """A session of a signed-in person. Only the hash of its secret is kept; ``device`` is the browser in few words.

    ``proved_at`` is when the person last proved, within it, to be who they are; ``challenge`` is what a passkey is asked
    to sign until ``challenge_until``.
    """

    __tablename__ = "account_sessions"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    device: Mapped[str]
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    challenge: Mapped[bytes | None]
    challenge_until: Mapped[datetime | None]


class PendingSignIn(Identified, Base):
    """A sign-in whose password or link was good, and whose second factor is awaited. It opens nothing.

    Only the hash of its secret is kept; ``challenge`` is what a passkey is asked to sign, ``tries`` the wrong answers.
    """

    __tablename__ = "pending_sign_ins"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    next_path: Mapped[str]
    challenge: Mapped[bytes | None]
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]


class AccountTotp(Identified, Base):
    """An application that gives six digits every thirty seconds (RFC 6238). It counts once a first code confirmed it.

    The secret is sealed under the service's key; ``last_step`` is the last step of time whose code was accepted.
    """

    __tablename__ = "account_totps"
    __table_args__ = (
        Index(
            "ix_account_totps_one_awaited",
            "account_id",
            unique=True,
            postgresql_where=text("confirmed_at is null"),
        ),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    sealed_secret: Mapped[bytes]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    used_at: Mapped[datetime | None]


class Passkey(Identified, Base):
    """A passkey of a person (WebAuthn): its public key, and how often it says that it has signed."""

    __tablename__ = "passkeys"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Identified, Base):
    """A code that stands once for a second factor that was lost. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]


class KeptForm(Identified, Base):
    """What a person had typed when the session or the form's token was over: sealed, for a day.

    ``path`` is the page whose form shows it again.
    """

    __tablename__ = "kept_forms"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    path: Mapped[str]
    sealed: Mapped[bytes]
    kept_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]


class AskedLink(Identified, Base):
    """A sign-in link that somebody asked for an address, known or not: the worker answers, and forgets it."""

    __tablename__ = "asked_links"

    email: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)


class SignInLink(Identified, Base):
    """An e-mailed link that signs an account in, once. Only the hash of its secret is kept.

    The runtime role writes these rows and reads none (`accounts.vault`).
    """

    __tablename__ = "sign_in_links"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    next_path: Mapped[str] = mapped_column(default="/accueil")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
