"""What a host was asked before anything is signed, and what it answered."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import ALL, protect
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0048"
down_revision: str | None = "0047"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "host_halves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("answers", JSONB(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_host_halves_convention_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_host_halves_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_halves")),
        sa.UniqueConstraint("tenant_id", "convention_id", name="uq_host_halves_convention"),
    )
    op.create_index(op.f("ix_host_halves_tenant_id"), "host_halves", ["tenant_id"])
    protect("host_halves", ALL)


def downgrade() -> None:
    op.drop_table("host_halves")
