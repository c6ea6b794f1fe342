"""What a person chose to sign together: a row per document, so that progress is in the database."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import ALL, protect

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "signing_batches",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_signing_batches_account_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_signing_batches_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_batches")),
    )
    op.create_table(
        "signing_batch_items",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("shown_hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["signing_batches.id"], name=op.f("fk_signing_batch_items_batch_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["signers.id"], name=op.f("fk_signing_batch_items_signer_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_signing_batch_items_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_batch_items")),
        sa.UniqueConstraint("batch_id", "signer_id", name=op.f("uq_signing_batch_items_batch_id_signer_id")),
    )
    for table, column in (
        ("signing_batches", "account_id"),
        ("signing_batches", "tenant_id"),
        ("signing_batch_items", "batch_id"),
        ("signing_batch_items", "tenant_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for table in ("signing_batches", "signing_batch_items"):
        protect(table, ALL)


def downgrade() -> None:
    op.drop_table("signing_batch_items")
    op.drop_table("signing_batches")
