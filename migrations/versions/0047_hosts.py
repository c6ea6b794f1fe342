"""A sheet a host: its declarations of derogation, further SIRETs, contacts and notes; conventions found by host."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import grant, protect
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0047"
down_revision: str | None = "0046"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_SEARCHED = (
    "name || ' ' || siret || ' ' || coalesce(data ->> 'trade_name', '') || ' ' || coalesce(data ->> 'city', '') "
    "|| ' ' || coalesce(data ->> 'address', '')"
)


def upgrade() -> None:
    op.add_column("hosts", sa.Column("former", JSONB(), nullable=False, server_default="[]"))
    for name in ("contacts", "notes"):
        op.add_column("hosts", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    folded = sa.Computed(f"pfmp_fold({_SEARCHED})", persisted=True)
    op.add_column("hosts", sa.Column("folded", sa.Text(), folded, nullable=False))
    grant("hosts", "delete")
    siret = sa.Computed("data -> 'host' ->> 'siret'", persisted=True)
    op.add_column("conventions", sa.Column("host_siret", sa.Text(), siret, nullable=True))
    op.create_index("ix_conventions_host", "conventions", ["tenant_id", "host_siret", "number"])
    op.create_table(
        "host_declarations",
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("courses", JSONB(), nullable=False),
        sa.Column("works", JSONB(), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("supervisor", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_name", sa.Text(), nullable=False),
        sa.Column("checked_at", _INSTANT, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["hosts.id"], name=op.f("fk_host_declarations_host_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_host_declarations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_declarations")),
    )
    for name in ("tenant_id", "host_id"):
        op.create_index(op.f(f"ix_host_declarations_{name}"), "host_declarations", [name])
    protect(
        "host_declarations", "select, insert, update (host_id, checked_by, checked_name, checked_at), delete"
    )


def downgrade() -> None:
    op.drop_table("host_declarations")
    op.drop_index("ix_conventions_host", "conventions")
    op.drop_column("conventions", "host_siret")
    op.execute("revoke delete on hosts from pfmp_app")
    for name in ("folded", "notes", "contacts", "former"):
        op.drop_column("hosts", name)
