"""A revision is a type's; what counts the saves of a draft is its version."""

from collections.abc import Sequence

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("conventions", "revision", new_column_name="draft_version")


def downgrade() -> None:
    op.alter_column("conventions", "draft_version", new_column_name="revision")
