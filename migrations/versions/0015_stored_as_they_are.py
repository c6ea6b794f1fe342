"""Stored files are kept as they are: a signed PDF does not compress, and trying costs each act of signing."""

from collections.abc import Sequence

from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.execute("alter table stored_files alter column content set storage external")


def downgrade() -> None:
    op.execute("alter table stored_files alter column content set storage extended")
