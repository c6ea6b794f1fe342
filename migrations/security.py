"""Row-level security and grants, as the migrations apply them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from alembic import op

APP = "pfmp_app"
CROSSING = "pfmp_crossing"
POLICY = "tenant_id = nullif(current_setting('pfmp.tenant', true), '')::uuid"
ALL, APPEND = "select, insert, update, delete", "select, insert"
SAFE_PATH, FORMER_PATH = "pg_catalog, public, pg_temp", "pg_catalog, public"
"""What a function that borrows a role searches. A schema of temporary objects that is not named is searched first."""


def protect(table: str, rights: str) -> None:
    """Force row-level security on a tenant's table, and grant the runtime role these rights and no others."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy tenant on {table} using ({POLICY}) with check ({POLICY})")
    grant(table, rights)


@contextmanager
def rows_of_all(*tables: str) -> Iterator[None]:
    """Let the owner see every tenant's rows of ``tables``: forced row-level security hides them from migrations too."""
    for table in tables:
        op.execute(f"alter table {table} no force row level security")
    yield
    for table in tables:
        op.execute(f"alter table {table} force row level security")


def grant(table: str, rights: str) -> None:
    """Grant ``rights`` on a table to the runtime role."""
    op.execute(f"grant {rights} on {table} to {APP}")


def grant_only(table: str, rights: str) -> None:
    """Take from the runtime role all that it may do to a table, whole or by column, and grant it ``rights``."""
    op.execute(f"revoke all on {table} from {APP}")
    grant(table, rights)


def let_cross(table: str, columns: str) -> None:
    """Let the crossing role read a few columns of every tenant's rows."""
    op.execute(f"create policy crossing on {table} for select to {CROSSING} using (true)")
    op.execute(f"grant select ({columns}) on {table} to {CROSSING}")


def crossing_function(
    name: str,
    arguments: str,
    query: str,
    returns: str = "tenant_id uuid, id uuid",
    *,
    writes: bool = False,
    path: str = SAFE_PATH,
) -> None:
    """Create a function that returns rows across tenants, identifiers if nothing else is said, owned by the crossing role."""
    signature, volatility = f"{name}({arguments})", "volatile" if writes else "stable"
    op.execute(
        f"create function {signature} returns table ({returns}) "
        f"language sql {volatility} security definer set search_path = {path} as $$ {query} $$"
    )
    hand_over(signature)


former_crossing_function = partial(crossing_function, path=FORMER_PATH)
"""As revisions before 0032 made them; that one gives all the safe path."""


def hand_over(signature: str) -> None:
    """Give a function to the crossing role, and let the runtime role alone execute it."""
    op.execute(f"alter function {signature} owner to {CROSSING}")
    op.execute(f"revoke all on function {signature} from public")
    op.execute(f"grant execute on function {signature} to {APP}")
