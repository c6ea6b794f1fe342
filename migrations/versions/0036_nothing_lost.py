"""What was typed when a session ended is kept, sealed, for a day; a draft says who saved it last; lists find their rows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import grant

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = (
    ("conventions", "ix_conventions_state", ("state", "number")),
    ("conventions", "ix_conventions_begin", ("state", "starts_on")),
    ("conventions", "ix_conventions_current", ("ends_on",)),
    ("students", "ix_students_in_order", ("class_name", "last_name", "first_name", "id")),
)
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("conventions", sa.Column("saved_by", sa.Uuid(), nullable=True))
    op.create_table(
        "kept_forms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", _INSTANT, nullable=False),
        sa.Column("shown_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_kept_forms_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_forms")),
        sa.UniqueConstraint("account_id", name=op.f("uq_kept_forms_account_id")),
    )
    grant("kept_forms", "select, insert, update (shown_at), delete")


    for table, name, columns in INDEXES:
        op.create_index(name, table, ["tenant_id", *columns])


def downgrade() -> None:
    for table, name, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_table("kept_forms")
    op.drop_column("conventions", "saved_by")
