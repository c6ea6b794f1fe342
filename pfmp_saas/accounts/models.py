"""Accounts cross establishments; memberships, students and their guardians belong to one."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pfmp_saas.core.database import Base, Identified, TenantOwned


class Account(Identified, Base):
    """A person who can be recognised, by an e-mail address kept in lower case."""

    __tablename__ = "accounts"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    operator: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(TenantOwned, Base):
    """A role that an account holds in an establishment."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("tenant_id", "account_id", "role"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SignInLink(Identified, Base):
    """An e-mailed link that signs an account in, once. Only the hash of its secret is kept."""

    __tablename__ = "sign_in_links"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    next_path: Mapped[str] = mapped_column(default="/accueil")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Student(TenantOwned, Base):
    """A pupil of the establishment, as its conventions need him or her; no health detail is kept."""

    __tablename__ = "students"

    first_name: Mapped[str]
    last_name: Mapped[str]
    birth_date: Mapped[date]
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    class_name: Mapped[str] = mapped_column(default="")
    diploma: Mapped[str] = mapped_column(default="")
    course_title: Mapped[str] = mapped_column(default="")
    course_hours: Mapped[int | None]
    medical_opinion_on: Mapped[date | None]
    guardians: Mapped[list["Guardian"]] = relationship(
        order_by="Guardian.position", cascade="all, delete-orphan"
    )


class Guardian(TenantOwned, Base):
    """A legal representative of a pupil."""

    __tablename__ = "guardians"

    student_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("students.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    email: Mapped[str]
