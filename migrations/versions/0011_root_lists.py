"""The root's revocation list, kept beside each school's authority: what long-term validation asks for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "tenant_authorities", sa.Column("root_list_pem", sa.Text(), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("tenant_authorities", "root_list_pem")
