"""The referent's first contact and visit, expected for each period of a signed convention."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import ALL, protect

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "followups",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["convention_id"], ["conventions.id"], name=op.f("fk_followups_convention_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_followups_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followups")),
        sa.UniqueConstraint(
            "convention_id", "kind", "starts_on", name=op.f("uq_followups_convention_id_kind_starts_on")
        ),
    )
    op.create_index(op.f("ix_followups_due_on"), "followups", ["due_on"])
    op.create_index(op.f("ix_followups_tenant_id"), "followups", ["tenant_id"])
    protect("followups", ALL)


def downgrade() -> None:
    op.drop_table("followups")
