"""Two columns that nothing read or wrote go: a link's replacement, a free comment beside an evaluation's answers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.drop_column("signing_links", "replaced_at")
    op.drop_column("evaluations", "comment")


def downgrade() -> None:
    op.add_column("evaluations", sa.Column("comment", sa.Text(), nullable=False, server_default=""))
    op.alter_column("evaluations", "comment", server_default=None)
    op.add_column("signing_links", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
