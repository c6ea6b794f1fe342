"""Courses of a school, by their MEF: what is typed once and taken up by every convention of their pupils."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import protect
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0045"
down_revision: str | None = "0044"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("mef", sa.Text(), nullable=False),
        sa.Column("diploma", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("type_slug", sa.Text(), nullable=False),
        sa.Column("works", JSONB(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_courses_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("tenant_id", "mef", name=op.f("uq_courses_tenant_id_mef")),
    )
    op.create_index(op.f("ix_courses_tenant_id"), "courses", ["tenant_id"])
    protect("courses", "select, insert, update (diploma, title, hours, type_slug, works), delete")


def downgrade() -> None:
    op.drop_table("courses")
