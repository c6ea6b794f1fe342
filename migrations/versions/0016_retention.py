"""Retention: when a document's people were erased; a paper signature's voucher may be."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import APP

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("signature_requests", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"grant update (voucher_name, voucher_email) on paper_signatures to {APP}")


def downgrade() -> None:
    op.execute(f"revoke update (voucher_name, voucher_email) on paper_signatures from {APP}")
    op.drop_column("signature_requests", "erased_at")
