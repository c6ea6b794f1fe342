"""A second timestamp authority for checkpoints: asked for and kept by the checkpoint role, read by the service."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import ALL, grant, protect

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
CHECKPOINT = "pfmp_checkpoint"


def upgrade() -> None:
    op.create_table(
        "second_stamps",
        sa.Column("checkpoint_id", sa.Uuid(), nullable=False),
        sa.Column("stamp", sa.LargeBinary(), nullable=True),
        sa.Column("stamp_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stamp_attempts", sa.Integer(), nullable=False),
        sa.Column("stamp_error", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoints.id"], name=op.f("fk_second_stamps_checkpoint_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_second_stamps_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_stamps")),
        sa.UniqueConstraint("checkpoint_id", name=op.f("uq_second_stamps_checkpoint_id")),
    )
    op.create_index(op.f("ix_second_stamps_tenant_id"), "second_stamps", ["tenant_id"])
    protect("second_stamps", ALL)
    op.execute("revoke all on second_stamps from pfmp_app")
    grant("second_stamps", "select")
    for command, clause in (
        ("select", "using (true)"),
        ("insert", "with check (true)"),
        ("update", "using (true)"),
    ):
        op.execute(f"create policy checkpoint_{command} on second_stamps for {command} to {CHECKPOINT} {clause}")
    op.execute(f"grant select, insert on second_stamps to {CHECKPOINT}")
    columns = "stamp, stamp_due_at, stamp_attempts, stamp_error"
    op.execute(f"grant update ({columns}) on second_stamps to {CHECKPOINT}")


def downgrade() -> None:
    op.drop_table("second_stamps")
