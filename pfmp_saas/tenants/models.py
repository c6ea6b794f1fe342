"""The establishment: a tenant, and the small directory that sign-in and verification read."""

from datetime import date, datetime

from sqlalchemy import JSON, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pfmp_saas.core.database import Base, Identified, TenantOwned


class Establishment(Identified, Base):
    """A school. This directory holds no personal data: it is what crosses tenants."""

    __tablename__ = "establishments"

    uai: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    territory: Mapped[str]
    timezone: Mapped[str]
    type_slug: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class EstablishmentSettings(TenantOwned, Base):
    """What a school prints on its conventions, its holidays, each as {start, end} in ISO 8601, what it asks of its head and of signers."""

    __tablename__ = "establishment_settings"

    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    board_date: Mapped[date | None]
    insurer_name: Mapped[str] = mapped_column(default="")
    insurer_policy: Mapped[str] = mapped_column(default="")
    commune_good_friday: Mapped[bool] = mapped_column(default=False)
    head_second_factor: Mapped[bool] = mapped_column(default=False)
    signing_code: Mapped[bool] = mapped_column(default=False)
    school_holidays: Mapped[list[dict[str, str]]] = mapped_column(
        JSON().with_variant(JSONB(), "postgresql"), default=list
    )


class EstablishmentLook(TenantOwned, Base):
    """A school's colour, as #rrggbb or empty, and its logo, a PNG made again from its pixels, with its SHA-256 or empty."""

    __tablename__ = "establishment_looks"
    __table_args__ = (UniqueConstraint("tenant_id", name="uq_establishment_looks_tenant_id"),)

    colour: Mapped[str] = mapped_column(default="")
    logo: Mapped[bytes | None] = mapped_column(deferred=True)
    logo_sha256: Mapped[str] = mapped_column(default="")
