"""The service may read which schema it meets: `/readyz` tells one that is behind its code."""

from collections.abc import Sequence

from alembic import op
from migrations.security import APP

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.execute(f"grant select on alembic_version to {APP}")


def downgrade() -> None:
    op.execute(f"revoke select on alembic_version from {APP}")
