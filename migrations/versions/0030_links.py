"""Links age, and close to who is replaced; asked sign-in links wait for the worker, known addresses or not."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import grant

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("signers", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "asked_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_links")),
    )
    op.create_index(op.f("ix_asked_links_asked_at"), "asked_links", ["asked_at"])
    grant("asked_links", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("asked_links")
    op.drop_column("signers", "replaced_at")
