"""A signature given on an earlier version stands for one of the corrected version, unless its signer opposes it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0051"
down_revision: str | None = "0050"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("signers", sa.Column("carries_id", sa.Uuid(), nullable=True))
    op.add_column("signers", sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("fk_signers_carries_id"), "signers", "signers", ["carries_id"], ["id"])
    op.create_index(op.f("ix_signers_carries_id"), "signers", ["carries_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_signers_carries_id"), "signers")
    op.drop_constraint(op.f("fk_signers_carries_id"), "signers", type_="foreignkey")
    op.drop_column("signers", "objected_at")
    op.drop_column("signers", "carries_id")
