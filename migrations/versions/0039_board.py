"""The board finds a convention by all that names it, and lists by class and by referent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_PARTS = (("host", "trade_name"), ("host", "siret"), ("tutor", "name"), ("referent", "name"))
_SEARCHED = " || ' ' || ".join(
    ["number", "class_name", "student_name", "host_name"]
    + [f"coalesce(data -> '{part}' ->> '{name}', '')" for part, name in _PARTS]
)
_FORMER = "student_name || ' ' || host_name"
_BY = ("class_name", "referent")


def upgrade() -> None:
    _folded(_SEARCHED)
    referent = sa.Computed("data -> 'referent' ->> 'email'", persisted=True)
    op.add_column("conventions", sa.Column("referent", sa.Text(), referent, nullable=True))
    for column, name in zip(_BY, ("class", "referent"), strict=True):
        op.create_index(f"ix_conventions_{name}", "conventions", ["tenant_id", column, "number"])


def _folded(expression: str) -> None:
    """Make the searched text anew: the expression of a generated column cannot be changed."""
    op.drop_column("conventions", "folded")
    made = sa.Computed(f"pfmp_fold({expression})", persisted=True)
    op.add_column("conventions", sa.Column("folded", sa.Text(), made, nullable=False))


def downgrade() -> None:
    for name in ("class", "referent"):
        op.drop_index(f"ix_conventions_{name}", "conventions")
    op.drop_column("conventions", "referent")
    _folded(_FORMER)
