"""What a pupil without a host tried, and what the school offered."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import protect
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "search_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("host_name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("found", JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_search_steps_convention_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_search_steps_account_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_search_steps_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_steps")),
    )
    op.create_index(op.f("ix_search_steps_tenant_id"), "search_steps", ["tenant_id"])
    op.create_index("ix_search_steps_of_convention", "search_steps", ["convention_id", "place"])
    protect("search_steps", "select, insert, delete")


def downgrade() -> None:
    op.drop_table("search_steps")
