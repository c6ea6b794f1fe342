"""A code that a school may ask of who signs, beside the link."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import grant

revision: str = "0053"
down_revision: str | None = "0052"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    off = sa.Column("signing_code", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("establishment_settings", off)
    op.alter_column("establishment_settings", "signing_code", server_default=None)
    grant("establishment_settings", "update (signing_code)")
    op.add_column("signers", sa.Column("code_hash", sa.LargeBinary(), nullable=True))
    op.add_column("signers", sa.Column("code_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("signers", sa.Column("code_tries", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("code_tries", "code_until", "code_hash"):
        op.drop_column("signers", name)
    op.drop_column("establishment_settings", "signing_code")
