"""What each member keeps of the board: filters by name, and since when it was last looked at."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import ALL, protect
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0049"
down_revision: str | None = "0048"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "board_habits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("filters", JSONB(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_board_habits_account_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_board_habits_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_habits")),
        sa.UniqueConstraint("tenant_id", "account_id", name="uq_board_habits_account"),
    )
    op.create_index(op.f("ix_board_habits_tenant_id"), "board_habits", ["tenant_id"])
    protect("board_habits", ALL)


def downgrade() -> None:
    op.drop_table("board_habits")
