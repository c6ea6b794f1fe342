"""Signatures on paper: the scan, the day, who saw the original."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import APPEND, protect

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("signers", sa.Column("manner", sa.Text(), server_default="electronic", nullable=False))
    op.create_table(
        "paper_signatures",
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("scan_sha256", sa.Text(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("voucher_name", sa.Text(), nullable=False),
        sa.Column("voucher_email", sa.Text(), nullable=False),
        sa.Column("voucher_capacity", sa.Text(), nullable=False),
        sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["signer_id"], ["signers.id"], name=op.f("fk_paper_signatures_signer_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signature_requests.id"], name=op.f("fk_paper_signatures_request_id")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["stored_files.id"], name=op.f("fk_paper_signatures_scan_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["accounts.id"], name=op.f("fk_paper_signatures_voucher_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_paper_signatures_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_signatures")),
        sa.UniqueConstraint("signer_id", name=op.f("uq_paper_signatures_signer_id")),
    )
    for column in ("request_id", "tenant_id"):
        op.create_index(op.f(f"ix_paper_signatures_{column}"), "paper_signatures", [column])
    protect("paper_signatures", APPEND)


def downgrade() -> None:
    op.drop_table("paper_signatures")
    op.drop_column("signers", "manner")
