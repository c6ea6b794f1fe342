"""Cosignatures of checkpoints by witnesses: asked for and kept by the checkpoint role, read by the service."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import ALL, grant, protect

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
CHECKPOINT = "pfmp_checkpoint"


def upgrade() -> None:
    op.create_table(
        "cosignatures",
        sa.Column("checkpoint_id", sa.Uuid(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoints.id"], name=op.f("fk_cosignatures_checkpoint_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_cosignatures_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cosignatures")),
        sa.UniqueConstraint("checkpoint_id", "witness", name=op.f("uq_cosignatures_checkpoint_id_witness")),
    )
    op.create_index(op.f("ix_cosignatures_tenant_id"), "cosignatures", ["tenant_id"])
    protect("cosignatures", ALL)
    op.execute("revoke all on cosignatures from pfmp_app")
    grant("cosignatures", "select")
    for command, clause in (
        ("select", "using (true)"),
        ("insert", "with check (true)"),
        ("update", "using (true)"),
    ):
        op.execute(
            f"create policy checkpoint_{command} on cosignatures for {command} to {CHECKPOINT} {clause}"
        )
    op.execute(f"grant select, insert on cosignatures to {CHECKPOINT}")
    op.execute(f"grant update (line, due_at, attempts, error) on cosignatures to {CHECKPOINT}")


def downgrade() -> None:
    op.drop_table("cosignatures")
