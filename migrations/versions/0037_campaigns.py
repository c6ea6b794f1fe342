"""Campaigns over a class, conventions sent together, and what keeps a draft back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import protect
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _table(
        "campaigns",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=False),
        sa.Column("periods", JSONB(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("hours", JSONB(), nullable=False),
        sa.Column("common", JSONB(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=True),
        sa.Column("visited_by", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=sa.func.now()),
    )
    _table(
        "sendings",
        _named("sendings", "campaign_id", "campaigns", nullable=True),
        _named("sendings", "account_id", "accounts"),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
    )
    _table(
        "sending_items",
        _named("sending_items", "sending_id", "sendings"),
        _named("sending_items", "convention_id", "conventions"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("done_at", _INSTANT, nullable=True),
        sa.UniqueConstraint(
            "sending_id", "convention_id", name=op.f("uq_sending_items_sending_id_convention_id")
        ),
    )
    for table, column in (
        ("campaigns", "class_name"),
        ("sendings", "account_id"),
        ("sending_items", "sending_id"),
        ("sending_items", "convention_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    protect("campaigns", "select, insert")
    protect("sendings", "select, insert")
    protect("sending_items", "select, insert, update (state, reason, done_at)")
    op.add_column("conventions", _named("conventions", "campaign_id", "campaigns", nullable=True))
    op.add_column("conventions", sa.Column("blocking", JSONB(), nullable=True))
    op.create_index("ix_conventions_campaign", "conventions", ["campaign_id", "number"])


def _named(table: str, column: str, of: str, *, nullable: bool = False) -> "sa.Column[object]":
    """Return a column that names a row of another table."""
    key = sa.ForeignKey(f"{of}.id", name=op.f(f"fk_{table}_{column}"))
    return sa.Column(column, sa.Uuid(), key, nullable=nullable)


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
    op.drop_index("ix_conventions_campaign", "conventions")
    op.drop_column("conventions", "blocking")
    op.drop_column("conventions", "campaign_id")
    for name in ("sending_items", "sendings", "campaigns"):
        op.drop_table(name)
