"""Mails and due things that are given up, and what waits too long: counted across schools, as numbers only."""

from collections.abc import Sequence

from alembic import op
from migrations.security import APP, CROSSING, let_cross

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WAITING = """
create function crossing_waiting(moment timestamptz) returns table (name text, value double precision)
language sql stable security definer set search_path = pg_catalog, public as $$
  select 'mails_refused', count(*)::float8 from outgoing_mails where state = 'refused'
  union all select 'mails_waiting', count(*)::float8 from outgoing_mails where state in ('pending', 'sending')
  union all select 'due_failed', count(*)::float8 from due_items where state = 'failed'
  union all select 'due_late_seconds', coalesce(extract(epoch from moment - min(due_at)), 0)::float8
    from due_items where state = 'waiting' and due_at <= moment
  union all select 'outbox_late_seconds', coalesce(extract(epoch from moment - min(created_at)), 0)::float8
    from outbox_events where handled_at is null
  union all select 'seals_waiting', count(*)::float8 from due_items where state = 'waiting' and kind in ('seal', 'close')
  union all select 'log_uncovered_events', coalesce(sum(h.size - coalesce(c.size, 0)), 0)::float8
    from log_heads h left join (select tenant_id, max(size) as size from checkpoints group by tenant_id) c
    on c.tenant_id = h.tenant_id
  union all select 'log_uncovered_seconds', coalesce(extract(epoch from moment - min(e.at)), 0)::float8
    from log_heads h left join (select tenant_id, max(size) as size from checkpoints group by tenant_id) c
      on c.tenant_id = h.tenant_id
    join evidence_events e on e.tenant_id = h.tenant_id and e.log_index = coalesce(c.size, 0)
$$
"""


def upgrade() -> None:
    op.execute(f"grant select (kind) on due_items to {CROSSING}")
    let_cross("log_heads", "tenant_id, size")
    let_cross("checkpoints", "tenant_id, size")
    let_cross("evidence_events", "tenant_id, log_index, at")
    op.execute(WAITING)
    op.execute(f"grant create on schema public to {CROSSING}")
    op.execute(f"alter function crossing_waiting(timestamptz) owner to {CROSSING}")
    op.execute(f"revoke create on schema public from {CROSSING}")
    op.execute("revoke all on function crossing_waiting(timestamptz) from public")
    op.execute(f"grant execute on function crossing_waiting(timestamptz) to {APP}")


def downgrade() -> None:
    op.execute("drop function crossing_waiting(timestamptz)")
    op.execute(f"revoke select (kind) on due_items from {CROSSING}")
    for table in ("log_heads", "checkpoints", "evidence_events"):
        op.execute(f"drop policy crossing on {table}")
        op.execute(f"revoke all on {table} from {CROSSING}")
