"""Outside services that are held to be down: no school's row, read before each mail is tried."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import grant

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "breakers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_breakers")),
    )
    grant("breakers", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("breakers")
