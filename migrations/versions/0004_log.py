"""One Merkle log per school, its key and its checkpoints; what was written before enters the log in order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import ALL, APPEND, grant, protect
from pfmp_saas.evidence.log.tree import grow
from pfmp_saas.evidence.merkle import leaf_hash

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CHECKPOINT = "pfmp_checkpoint"
KEY_COLUMNS = "id, tenant_id, origin, certificate_pem, created_at, retired_at"
# An event follows the one before it in its chain, and otherwise the clock.
IN_ORDER = """
    select id, canonical from (
      select id, canonical, subject, sequence,
        max(at) over (partition by subject order by sequence) as reached
      from evidence_events
    ) as e order by reached, subject, sequence"""


def upgrade() -> None:
    _tables()
    _secure()
    _fill()
    op.alter_column("evidence_events", "log_index", nullable=False)


def _tables() -> None:
    op.create_table(
        "log_heads",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_log_heads_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_log_heads")),
    )
    op.create_table(
        "log_nodes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_log_nodes_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "level", "index", name=op.f("pk_log_nodes")),
    )
    op.create_table(
        "log_keys",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("certificate_pem", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_log_keys_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_keys")),
    )
    op.create_index(op.f("ix_log_keys_tenant_id"), "log_keys", ["tenant_id"], unique=False)
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("stamp", sa.LargeBinary(), nullable=True),
        sa.Column("stamp_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stamp_attempts", sa.Integer(), nullable=False),
        sa.Column("stamp_error", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_checkpoints_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints")),
        sa.UniqueConstraint("tenant_id", "size", name=op.f("uq_checkpoints_tenant_id_size")),
    )
    op.create_index(op.f("ix_checkpoints_tenant_id"), "checkpoints", ["tenant_id"], unique=False)
    op.add_column("evidence_events", sa.Column("log_index", sa.BigInteger(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_evidence_events_tenant_id_log_index"), "evidence_events", ["tenant_id", "log_index"]
    )


def _secure() -> None:
    protect("log_nodes", APPEND)
    for table in ("log_heads", "log_keys", "checkpoints"):
        protect(table, ALL)
        op.execute(f"revoke all on {table} from pfmp_app")
    grant("log_heads", "select, insert, update")
    grant("log_keys", f"insert, select ({KEY_COLUMNS}), update (retired_at)")
    grant("checkpoints", "select")
    op.execute(f"grant usage on schema public to {CHECKPOINT}")
    for table in ("log_heads", "log_nodes", "log_keys", "checkpoints"):
        op.execute(f"create policy checkpoint on {table} for select to {CHECKPOINT} using (true)")
        op.execute(f"grant select on {table} to {CHECKPOINT}")
    op.execute(f"create policy checkpoint_made on checkpoints for insert to {CHECKPOINT} with check (true)")
    op.execute(f"create policy checkpoint_stamped on checkpoints for update to {CHECKPOINT} using (true)")
    op.execute(f"grant insert on checkpoints to {CHECKPOINT}")
    columns = "stamp, stamp_due_at, stamp_attempts, stamp_error"
    op.execute(f"grant update ({columns}) on checkpoints to {CHECKPOINT}")


def _fill() -> None:
    """Append the events of each school; the owner, too, sees one school at a time."""
    connection = op.get_bind()
    for tenant in connection.execute(sa.text("select id from establishments")).scalars().all():
        connection.execute(sa.text("select set_config('pfmp.tenant', :id, true)"), {"id": str(tenant)})
        rows = connection.execute(sa.text(IN_ORDER)).all()
        if rows:
            _fill_one(connection, tenant, rows)
    connection.execute(sa.text("select set_config('pfmp.tenant', '', true)"))


def _fill_one(connection: sa.Connection, tenant: object, rows: Sequence[sa.Row]) -> None:
    peaks: list[bytes] = []
    nodes = []
    for size, row in enumerate(rows):
        grown, peaks = grow(size, peaks, leaf_hash(row.canonical.encode()))
        nodes += [{"t": tenant, "l": node.level, "i": node.index, "h": node.hash} for node in grown]
    connection.execute(
        sa.text("update evidence_events set log_index = :place where id = :id"),
        [{"place": place, "id": row.id} for place, row in enumerate(rows)],
    )
    connection.execute(
        sa.text('insert into log_nodes (tenant_id, level, "index", hash) values (:t, :l, :i, :h)'), nodes
    )
    connection.execute(
        sa.text("insert into log_heads (tenant_id, size, peaks) values (:t, :s, :p)"),
        {"t": tenant, "s": len(rows), "p": b"".join(peaks)},
    )


def downgrade() -> None:
    op.drop_constraint(op.f("uq_evidence_events_tenant_id_log_index"), "evidence_events", type_="unique")
    op.drop_column("evidence_events", "log_index")
    for table in ("checkpoints", "log_keys", "log_nodes", "log_heads"):
        op.drop_table(table)
