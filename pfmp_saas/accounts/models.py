"""Accounts cross establishments; memberships belong to one."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, func, text, true
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


class AccountSession(Identified, Base):
    """A session of a signed-in person. Only the hash of its secret is kept; ``device`` is the browser in few words."""

    __tablename__ = "account_sessions"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    device: Mapped[str]
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


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
