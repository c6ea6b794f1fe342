"""The establishment's pupils and their legal representatives."""

import uuid
from datetime import date

from sqlalchemy import Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pfmp_saas.core.database import Base, TenantOwned


class Student(TenantOwned, Base):
    """A pupil of the establishment, as its conventions need him or her; no health detail is kept.

    ``identity`` is the names as they are compared; with the day of birth it tells a pupil from another.
    ``mef`` is the code of the course, ``left_on`` the day from which he or she is at the school no more.
    """

    __tablename__ = "students"
    __table_args__ = (
        Index("ix_students_identity", "tenant_id", "identity", "birth_date"),
        Index("ix_students_in_order", "tenant_id", "class_name", "last_name", "first_name", "id"),
    )

    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str]
    birth_date: Mapped[date]
    identity: Mapped[str] = mapped_column(
        Computed("pfmp_fold(last_name) || chr(10) || pfmp_fold(first_name)", persisted=True)
    )
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    class_name: Mapped[str] = mapped_column(default="")
    diploma: Mapped[str] = mapped_column(default="")
    course_title: Mapped[str] = mapped_column(default="")
    course_hours: Mapped[int | None]
    medical_opinion_on: Mapped[date | None]
    mef: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    left_on: Mapped[date | None]
    guardians: Mapped[list["Guardian"]] = relationship(
        order_by="Guardian.position", cascade="all, delete-orphan"
    )


class Course(TenantOwned, Base):
    """A course, by its MEF's first ten digits: what is typed once and taken up by each convention of its pupils.

    ``type_slug`` is the convention type of its pupils, "" for the school's; ``works`` its usual derogable works.
    """

    __tablename__ = "courses"
    __table_args__ = (UniqueConstraint("tenant_id", "mef"),)

    mef: Mapped[str]
    diploma: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    hours: Mapped[int | None]
    type_slug: Mapped[str] = mapped_column(default="")
    works: Mapped[list[str]] = mapped_column(JSONB(), default=list)


class Guardian(TenantOwned, Base):
    """A legal representative of a pupil; the first of them signs first. No ``email``: signs on paper."""

    __tablename__ = "guardians"

    student_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("students.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
