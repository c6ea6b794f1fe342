"""A school's colour and logo in the shell of its pages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import protect

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "establishment_looks",
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_sha256", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_establishment_looks_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_establishment_looks")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_establishment_looks_tenant_id")),
    )
    op.create_index(op.f("ix_establishment_looks_tenant_id"), "establishment_looks", ["tenant_id"])
    protect("establishment_looks", "select, insert, update (colour, logo, logo_sha256)")


def downgrade() -> None:
    op.drop_table("establishment_looks")
