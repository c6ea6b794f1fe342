"""Narrow grants: the runtime role reads no password's digest and no sign-in link, names no operator, renames and deletes no school."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import ALL, CROSSING, FORMER_PATH, SAFE_PATH, crossing_function, grant_only

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NEVER_DELETED = "select, insert, update"
RIGHTS = {
    "accounts": "select (id, email, name, operator, active, created_at), insert (id, email)",
    "sign_in_links": "insert (id, account_id, token_hash, next_path, expires_at)",
    "asked_links": "select, insert, update (asked_at), delete",  # who takes one up locks it
    "establishments": "select, insert (id, uai, name, territory, timezone, type_slug)",
    "establishment_settings": "select, insert, update (address, phone, email, board_date, insurer_name, "
    "insurer_policy, commune_good_friday, school_holidays)",
    "tenant_authorities": "select, insert, update (retired_at)",
    "chain_heads": "select, insert, update (length, head_hash)",
    "log_heads": "select, insert, update (size, peaks)",
    "evidence_salts": "select, insert, update (value, salt, erased_at)",
    "stored_files": "select, insert, update (content, sha256)",
    "heartbeats": "select, insert, update (at)",
    "breakers": "select, insert, update (failures, retry_at), delete",
    "signing_batches": "select, insert",
    "evaluations": "select, insert, delete",
    **dict.fromkeys(
        (
            "attestations",
            "conventions",
            "due_items",
            "hosts",
            "outbox_events",
            "signature_requests",
            "signers",
            "signing_batch_items",
            "students",
            "type_revisions",
        ),
        NEVER_DELETED,
    ),
}
FORMER = {"log_heads": NEVER_DELETED}
BY_ITSELF = {"name": "''", "operator": "false", "active": "true"}
"""What a new account is, which the runtime role does not say."""
MADE = {
    "crossing_password_recipe": "uuid",
    "crossing_password_is": "uuid, text",
    "crossing_set_password": "uuid, text, text",
    "crossing_sign_in_link": "bytea",
    "crossing_use_sign_in_link": "bytea, timestamptz",
}


def upgrade() -> None:
    for column, value in BY_ITSELF.items():
        op.alter_column("accounts", column, server_default=sa.text(value))
    for table, rights in RIGHTS.items():
        grant_only(table, rights)
    op.execute(f"grant select (id, password_hash), update (password_hash) on accounts to {CROSSING}")
    op.execute(f"grant select, update (used_at) on sign_in_links to {CROSSING}")
    op.execute(f"grant create on schema public to {CROSSING}")
    _passwords()
    _links()
    op.execute(f"revoke create on schema public from {CROSSING}")
    _search(SAFE_PATH)
    op.execute("revoke execute on function keep_adopted_type() from public")
    op.execute("alter default privileges revoke execute on functions from public")


def _passwords() -> None:
    """Let a password be compared and replaced, one account at a time, by who knows it: no digest comes out."""
    mine = "from accounts a where a.id = account"
    crossing_function(
        "crossing_password_recipe",
        "account uuid",
        f"select regexp_replace(a.password_hash, '[^$]*$', '') {mine} and a.password_hash is not null",
        "recipe text",
    )
    crossing_function(
        "crossing_password_is",
        "account uuid, hashed text",
        f"select a.id {mine} and a.password_hash = hashed",
        "id uuid",
    )
    crossing_function(
        "crossing_set_password",
        "account uuid, present text, hashed text",
        "update accounts a set password_hash = hashed where a.id = account "
        "and a.password_hash is not distinct from present returning a.id",
        "id uuid",
        writes=True,
    )


def _links() -> None:
    """Let a sign-in link be found by its secret's hash alone, and used once."""
    crossing_function(
        "crossing_sign_in_link",
        "hash bytea",
        "select l.account_id, l.next_path, l.expires_at, l.used_at from sign_in_links l where l.token_hash = hash",
        "account_id uuid, next_path text, expires_at timestamptz, used_at timestamptz",
    )
    crossing_function(
        "crossing_use_sign_in_link",
        "hash bytea, moment timestamptz",
        "update sign_in_links l set used_at = moment where l.token_hash = hash and l.used_at is null "
        "and l.expires_at > moment returning l.account_id",
        "account_id uuid",
        writes=True,
    )


def _search(path: str) -> None:
    """Have every function that borrows a role search ``path``."""
    op.execute(
        "do $do$ declare f regprocedure; begin for f in select oid from pg_proc "
        "where pronamespace = 'public'::regnamespace and prosecdef loop "
        f"execute format('alter function %s set search_path = {path}', f); end loop; end $do$"
    )


def downgrade() -> None:
    op.execute("alter default privileges grant execute on functions to public")
    op.execute("grant execute on function keep_adopted_type() to public")
    for name, arguments in MADE.items():
        op.execute(f"drop function {name}({arguments})")
    _search(FORMER_PATH)
    op.execute(f"revoke all on accounts, sign_in_links from {CROSSING}")
    for table in RIGHTS:
        grant_only(table, FORMER.get(table, ALL))
    for column in BY_ITSELF:
        op.alter_column("accounts", column, server_default=None)
