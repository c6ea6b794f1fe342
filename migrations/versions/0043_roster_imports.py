"""Imports of a school's files: kept until they are looked at, written in one act, taken back for a day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import grant, protect
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("mef", "phone"):
        op.add_column("students", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("students", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column("guardians", sa.Column("phone", sa.Text(), nullable=False, server_default=""))
    grant("students", "delete")
    _table(
        "roster_imports",
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("read", JSONB(), nullable=False),
        sa.Column("told", JSONB(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("done_at", _INSTANT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
    )
    op.create_index("ix_roster_imports_latest", "roster_imports", ["tenant_id", "created_at"])
    _table(
        "roster_files",
        _of_import("roster_files"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    _table(
        "roster_columns",
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.UniqueConstraint("tenant_id", "header", name=op.f("uq_roster_columns_tenant_id_header")),
    )
    _table(
        "roster_changes",
        _of_import("roster_changes"),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
    )
    for table, column in (
        ("roster_files", "import_id"),
        ("roster_changes", "import_id"),
        ("roster_changes", "student_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    protect("roster_imports", "select, insert, update (encoding, read, told, done_at, state), delete")
    protect("roster_files", "select, insert, delete")
    protect("roster_columns", "select, insert, update (field)")
    protect("roster_changes", "select, insert, update (outcome), delete")


def _of_import(table: str) -> "sa.Column[object]":
    key = sa.ForeignKey("roster_imports.id", name=op.f(f"fk_{table}_import_id"), ondelete="CASCADE")
    return sa.Column("import_id", sa.Uuid(), key, nullable=False)


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    """Create a tenant's table."""
    op.create_table(
        name,
        *columns,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f(f"fk_{name}_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_tenant_id"), name, ["tenant_id"])


def downgrade() -> None:
    for name in ("roster_changes", "roster_columns", "roster_files", "roster_imports"):
        op.drop_table(name)
    op.execute("revoke delete on students from pfmp_app")
    op.drop_column("guardians", "phone")
    for name in ("left_on", "phone", "mef"):
        op.drop_column("students", name)
