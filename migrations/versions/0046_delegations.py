"""The head's delegations of signature."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import protect

revision: str = "0046"
down_revision: str | None = "0045"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["deputy_id"], ["accounts.id"], name=op.f("fk_delegations_deputy_id")),
        sa.ForeignKeyConstraint(["given_by"], ["accounts.id"], name=op.f("fk_delegations_given_by")),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_delegations_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index(op.f("ix_delegations_tenant_id"), "delegations", ["tenant_id"])
    op.create_index(op.f("ix_delegations_deputy_id"), "delegations", ["deputy_id"])
    protect("delegations", "select, insert, update (ended_at)")


def downgrade() -> None:
    op.drop_table("delegations")
