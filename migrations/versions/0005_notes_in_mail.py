"""A mail may carry a checkpoint, beside its PDF."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("outgoing_mails", sa.Column("note_name", sa.Text(), nullable=True))
    op.add_column("outgoing_mails", sa.Column("note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("outgoing_mails", "note")
    op.drop_column("outgoing_mails", "note_name")
