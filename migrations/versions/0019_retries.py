"""Outbox events, due things and mails fail alike: the same columns, the same states, counted in one way."""

from collections.abc import Sequence
from importlib import import_module

import sqlalchemy as sa
from alembic import op

from migrations.security import CROSSING, hand_over
from migrations.security import former_crossing_function as crossing_function

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("outbox_events", "due_items", "outgoing_mails")
TWO = "moment timestamptz, most int"
UNCHANGED = (
    "select 'due_failed', count(*)::float8 from due_items where state = 'failed'",
    """select 'due_late_seconds', coalesce(extract(epoch from moment - min(due_at)), 0)::float8
    from due_items where state = 'waiting' and due_at <= moment""",
    "select 'seals_waiting', count(*)::float8 from due_items where state = 'waiting' and kind in ('seal', 'close')",
    """select 'log_uncovered_events', coalesce(sum(h.size - coalesce(c.size, 0)), 0)::float8
    from log_heads h left join (select tenant_id, max(size) as size from checkpoints group by tenant_id) c
    on c.tenant_id = h.tenant_id""",
    """select 'log_uncovered_seconds', coalesce(extract(epoch from moment - min(e.at)), 0)::float8
    from log_heads h left join (select tenant_id, max(size) as size from checkpoints group by tenant_id) c
      on c.tenant_id = h.tenant_id
    join evidence_events e on e.tenant_id = h.tenant_id and e.log_index = coalesce(c.size, 0)""",
)
WAITING = (
    "select 'mails_refused', count(*)::float8 from outgoing_mails where state = 'failed'",
    "select 'mails_waiting', count(*)::float8 from outgoing_mails where state = 'waiting'",
    "select 'outbox_failed', count(*)::float8 from outbox_events where state = 'failed'",
    """select 'outbox_late_seconds', coalesce(extract(epoch from moment - min(created_at)), 0)::float8
    from outbox_events where state = 'waiting'""",
)
FORMER_WAITING: str = import_module("migrations.versions.0012_stalled").WAITING
DUE = """select tenant_id, id from due_items where state = 'waiting' and due_at <= moment
    and (next_try_at is null or next_try_at <= moment) order by attempts, due_at limit most"""
FORMER_DUE = (
    "select d.tenant_id, d.id from due_items d where d.state = 'waiting' and d.due_at <= moment"
    " order by d.due_at limit most"
)
MAILS = """select tenant_id, id from outgoing_mails where state = 'waiting'
    and (next_try_at is null or next_try_at <= moment) order by attempts, created_at limit most"""
FORMER_MAILS = (
    "select o.tenant_id, o.id from outgoing_mails o where o.state = 'pending'"
    " or (o.state = 'sending' and o.claimed_at < stale) order by o.attempts, o.created_at limit most"
)
EVENTS = """select tenant_id, id from (
      select distinct on (e.tenant_id) e.tenant_id, e.id, e.created_at from outbox_events e where e.state = 'waiting'
      and (e.next_try_at is null or e.next_try_at <= moment) order by e.tenant_id, e.created_at
    ) first order by created_at limit most"""
FORMER_EVENTS = (
    "select e.tenant_id, e.id from outbox_events e where e.handled_at is null"
    " order by e.attempts, e.created_at limit most"
)
GIVEN_UP = (
    "select tenant_id, 'outbox_events', count(*) from outbox_events where state = 'failed' group by tenant_id",
    "select tenant_id, 'due_items', count(*) from due_items where state = 'failed' group by tenant_id",
    "select tenant_id, 'outgoing_mails', count(*) from outgoing_mails where state = 'failed' group by tenant_id",
)
TAKE_OVER = {
    "outbox_events": "update outbox_events set attempts = 0, done_at = handled_at, "
    "state = case when handled_at is null then 'waiting' else 'done' end",
    "due_items": "update due_items set attempts = coalesce((payload->>'attempts')::int, 0), "
    "last_error = payload->>'last_error', payload = payload - 'attempts' - 'last_error', "
    "failed_at = case when state = 'failed' then due_at end",
    "outgoing_mails": "update outgoing_mails set done_at = sent_at, failed_at = case when state = 'refused' then claimed_at end, "
    "next_try_at = case when state = 'sending' then claimed_at end, "
    "state = case state when 'sent' then 'done' when 'refused' then 'failed' else 'waiting' end",
}
HAND_BACK = {
    "outbox_events": "update outbox_events set handled_at = case when state = 'done' then done_at end",
    "due_items": "update due_items set payload = payload || "
    "jsonb_strip_nulls(jsonb_build_object('attempts', nullif(attempts, 0), 'last_error', last_error))",
    "outgoing_mails": "update outgoing_mails set sent_at = done_at, claimed_at = coalesce(failed_at, next_try_at), "
    "state = case when state = 'done' then 'sent' when state = 'failed' then 'refused' "
    "when next_try_at is null then 'pending' else 'sending' end",
}


def upgrade() -> None:
    _drop_functions("int")
    _drop_indexes()
    for table in TABLES:
        _add(table, "next_try_at", "failed_at")
        op.add_column(table, sa.Column("faults", sa.Integer(), nullable=False, server_default="0"))
        op.alter_column(table, "faults", server_default=None)
    op.add_column("outbox_events", sa.Column("state", sa.Text(), nullable=False, server_default="waiting"))
    op.alter_column("outbox_events", "state", server_default=None)
    op.add_column("due_items", sa.Column("last_error", sa.Text(), nullable=True))
    op.add_column("due_items", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("due_items", "attempts", server_default=None)
    _add("outbox_events", "done_at")
    _add("outgoing_mails", "done_at")
    _rewrite(TAKE_OVER)
    op.drop_column("outbox_events", "handled_at")
    op.drop_column("outgoing_mails", "sent_at")
    op.drop_column("outgoing_mails", "claimed_at")
    _index("outbox_events", "ix_outbox_pending", "state = 'waiting'")
    _index("outgoing_mails", "ix_mail_unsent", "state = 'waiting'")
    op.execute(f"grant select (state, next_try_at) on outbox_events to {CROSSING}")
    op.execute(f"grant select (attempts, next_try_at) on due_items to {CROSSING}")
    op.execute(f"grant select (next_try_at) on outgoing_mails to {CROSSING}")
    _create_functions((TWO, DUE), (TWO, MAILS), (TWO, EVENTS))
    op.execute(f"grant create on schema public to {CROSSING}")
    counted = "name text, value double precision"
    crossing_function(
        "crossing_waiting", "moment timestamptz", " union all ".join(UNCHANGED + WAITING), counted
    )
    returned = "tenant_id uuid, name text, number bigint"
    crossing_function("crossing_given_up", "", " union all ".join(GIVEN_UP), returned)
    op.execute(f"revoke create on schema public from {CROSSING}")


def downgrade() -> None:
    op.execute("drop function crossing_given_up()")
    _drop_functions("timestamptz, int")
    _drop_indexes()
    _add("outbox_events", "handled_at")
    _add("outgoing_mails", "sent_at", "claimed_at")
    _rewrite(HAND_BACK)
    for table in TABLES:
        for column in ("next_try_at", "failed_at", "faults"):
            op.drop_column(table, column)
    op.drop_column("outbox_events", "state")
    op.drop_column("outbox_events", "done_at")
    op.drop_column("outgoing_mails", "done_at")
    op.drop_column("due_items", "last_error")
    op.drop_column("due_items", "attempts")
    _index("outbox_events", "ix_outbox_pending", "handled_at is null")
    _index("outgoing_mails", "ix_mail_unsent", "state <> 'sent'")
    op.execute(f"grant select (handled_at) on outbox_events to {CROSSING}")
    op.execute(f"grant select (claimed_at) on outgoing_mails to {CROSSING}")
    mails = ("stale timestamptz, most int", FORMER_MAILS)
    _create_functions((TWO, FORMER_DUE), mails, ("most int", FORMER_EVENTS))
    op.execute(FORMER_WAITING)
    op.execute(f"grant create on schema public to {CROSSING}")
    hand_over("crossing_waiting(timestamptz)")
    op.execute(f"revoke create on schema public from {CROSSING}")


def _add(table: str, *instants: str) -> None:
    for name in instants:
        op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def _rewrite(statements: dict[str, str]) -> None:
    """Rewrite every school's rows: their owner, too, sees one school at a time while its policies are forced."""
    for table, statement in statements.items():
        op.execute(f"alter table {table} no force row level security")
        op.execute(statement)
        op.execute(f"alter table {table} force row level security")


def _index(table: str, name: str, where: str) -> None:
    op.create_index(name, table, ["created_at"], postgresql_where=sa.text(where))


def _drop_indexes() -> None:
    op.drop_index("ix_outbox_pending", table_name="outbox_events")
    op.drop_index("ix_mail_unsent", table_name="outgoing_mails")


def _drop_functions(of_outbox: str) -> None:
    for function in ("crossing_due_items", "crossing_unsent_mails"):
        op.execute(f"drop function {function}(timestamptz, int)")
    op.execute(f"drop function crossing_pending_outbox({of_outbox})")
    op.execute("drop function crossing_waiting(timestamptz)")


def _create_functions(due: tuple[str, str], mails: tuple[str, str], events: tuple[str, str]) -> None:
    op.execute(f"grant create on schema public to {CROSSING}")
    crossing_function("crossing_due_items", *due)
    crossing_function("crossing_unsent_mails", *mails)
    crossing_function("crossing_pending_outbox", *events)
    op.execute(f"revoke create on schema public from {CROSSING}")
