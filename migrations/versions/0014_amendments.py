"""Amendments: what the parties of a signed convention agree to change."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.security import ALL, protect

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "amendments",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_amendments_convention_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signature_requests.id"], name=op.f("fk_amendments_request_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_amendments_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint("convention_id", "rank", name=op.f("uq_amendments_convention_id_rank")),
    )
    op.create_index(op.f("ix_amendments_tenant_id"), "amendments", ["tenant_id"])
    op.create_index(
        "uq_amendments_open",
        "amendments",
        ["convention_id"],
        unique=True,
        postgresql_where=sa.text("state in ('draft', 'sent')"),
    )
    protect("amendments", ALL)


def downgrade() -> None:
    op.drop_table("amendments")
