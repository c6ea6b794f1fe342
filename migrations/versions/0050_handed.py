"""When a copy was handed over to a signer without an address, and by whom."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0050"
down_revision: str | None = "0049"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("signers", sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("signers", sa.Column("handed_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_signers_handed_by"), "signers", "accounts", ["handed_by"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_signers_handed_by"), "signers", type_="foreignkey")
    op.drop_column("signers", "handed_by")
    op.drop_column("signers", "handed_at")
