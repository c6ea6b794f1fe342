"""Retention: when a document's people were erased; a paper signature's voucher may be."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import APP

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("signature_requests", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"grant update (voucher_name, voucher_email) on paper_signatures to {APP}")
    _fill()


def _fill() -> None:
    """Let what is closed already fall due as well; the owner, too, sees one school at a time."""
    connection = op.get_bind()
    for tenant in connection.execute(sa.text("select id from establishments")).scalars().all():
        connection.execute(sa.text("select set_config('pfmp.tenant', :id, true)"), {"id": str(tenant)})
        connection.execute(
            sa.text(
                "insert into due_items (id, tenant_id, kind, subject_id, occurrence, due_at, payload, state) "
                "select gen_random_uuid(), tenant_id, 'retention', id, '1', "
                "closed_at + make_interval(years => case when state = 'complete' then 10 else 1 end, days => 1), "
                "'{}', 'waiting' from signature_requests where closed_at is not null on conflict do nothing"
            )
        )
    connection.execute(sa.text("select set_config('pfmp.tenant', '', true)"))


def downgrade() -> None:
    op.execute(f"revoke update (voucher_name, voucher_email) on paper_signatures from {APP}")
    op.drop_column("signature_requests", "erased_at")
