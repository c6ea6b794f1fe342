"""A school's revisions of its convention type; what is adopted never changes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import ALL, protect
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEEP = """
create function keep_adopted_type() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.content is distinct from new.content or old.digest is distinct from new.digest
     or new.state = 'draft' or old.number is distinct from new.number
     or old.tenant_id is distinct from new.tenant_id
     or old.deliberation_number is distinct from new.deliberation_number
     or old.base_slug is distinct from new.base_slug or old.deliberation_on is distinct from new.deliberation_on then
    raise exception 'an adopted convention type never changes';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "type_revisions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_slug", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", json, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("deliberation_on", sa.Date(), nullable=True),
        sa.Column("deliberation_number", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_type_revisions_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_type_revisions")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_type_revisions_tenant_id_number")),
    )
    op.create_index(op.f("ix_type_revisions_tenant_id"), "type_revisions", ["tenant_id"])
    op.create_index(
        "ix_type_in_force",
        "type_revisions",
        ["tenant_id", "base_slug"],
        unique=True,
        postgresql_where=sa.text("state = 'adopted'"),
    )
    protect("type_revisions", ALL)
    op.execute(KEEP)
    op.execute(
        "create trigger keep_adopted_type before update or delete on type_revisions for each row "
        "when (old.state <> 'draft') execute function keep_adopted_type()"
    )
    op.add_column("conventions", sa.Column("type_revision_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_conventions_type_revision_id"), "conventions", "type_revisions", ["type_revision_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("conventions", "type_revision_id")
    op.drop_table("type_revisions")
    op.execute("drop function keep_adopted_type()")
