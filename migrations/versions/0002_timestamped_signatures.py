"""Signatures may wait for a timestamp authority before they enter the document."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "signature_requests", sa.Column("timestamped", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("signature_requests", "timestamped", server_default=None)
    op.add_column("signers", sa.Column("event_hash", sa.Text(), nullable=True))
    op.add_column("signers", sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update signers set sealed_at = signed_at")


def downgrade() -> None:
    op.drop_column("signers", "sealed_at")
    op.drop_column("signers", "event_hash")
    op.drop_column("signature_requests", "timestamped")
