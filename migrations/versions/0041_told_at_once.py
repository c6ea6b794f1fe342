"""Difficulties told to the school, with the measures agreed; why an attestation differs from its convention."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import protect

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("attestations", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "difficulties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("told_as", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=sa.func.now()),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_difficulties_convention_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_difficulties_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difficulties")),
    )
    op.create_index(op.f("ix_difficulties_tenant_id"), "difficulties", ["tenant_id"])
    op.create_index(op.f("ix_difficulties_convention_id"), "difficulties", ["convention_id"])
    protect("difficulties", "select, insert, update (state, measures, settled_by, settled_at), delete")


def downgrade() -> None:
    op.drop_table("difficulties")
    op.drop_column("attestations", "reason")
