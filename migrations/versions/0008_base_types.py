"""Packaged types are kept as they were when a school or a convention was bound to them; ordered signatures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import grant

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "base_types",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "digest = encode(sha256(convert_to(document, 'UTF8')), 'hex')", name=op.f("ck_base_types_own_digest")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_base_types")),
    )
    grant("base_types", "select, insert")
    op.add_column("conventions", sa.Column("base_digest", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_conventions_base_digest"), "conventions", "base_types", ["base_digest"], ["digest"]
    )
    op.drop_constraint(op.f("fk_conventions_type_revision_id"), "conventions", type_="foreignkey")
    op.create_unique_constraint(op.f("uq_type_revisions_tenant_id_id"), "type_revisions", ["tenant_id", "id"])
    op.create_foreign_key(
        op.f("fk_conventions_tenant_id_type_revision_id"),
        "conventions",
        "type_revisions",
        ["tenant_id", "type_revision_id"],
        ["tenant_id", "id"],
    )
    op.add_column(
        "signature_requests", sa.Column("in_order", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("signature_requests", "in_order")
    op.drop_constraint(op.f("fk_conventions_tenant_id_type_revision_id"), "conventions", type_="foreignkey")
    op.drop_constraint(op.f("uq_type_revisions_tenant_id_id"), "type_revisions", type_="unique")
    op.create_foreign_key(
        op.f("fk_conventions_type_revision_id"), "conventions", "type_revisions", ["type_revision_id"], ["id"]
    )
    op.drop_constraint(op.f("fk_conventions_base_digest"), "conventions", type_="foreignkey")
    op.drop_column("conventions", "base_digest")
    op.drop_table("base_types")
