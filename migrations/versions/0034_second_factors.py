"""Second factors of accounts: applications, passkeys, recovery codes; sign-ins that await one; schools that ask for it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import grant

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "establishment_settings",
        sa.Column("head_second_factor", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.alter_column("establishment_settings", "head_second_factor", server_default=None)
    grant("establishment_settings", "update (head_second_factor)")
    for name, kind in (("proved_at", _INSTANT), ("challenge", sa.LargeBinary()), ("challenge_until", _INSTANT)):
        op.add_column("account_sessions", sa.Column(name, kind, nullable=True))
    grant("account_sessions", "update (proved_at, challenge, challenge_until)")
    _table(
        "account_totps",
        "select, insert, update (confirmed_at, last_step, used_at), delete",
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("confirmed_at", _INSTANT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("used_at", _INSTANT, nullable=True),
    )
    op.create_index(
        "ix_account_totps_one_awaited",
        "account_totps",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("confirmed_at is null"),
    )
    _table(
        "passkeys",
        "select, insert, update (sign_count, used_at), delete",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    _table(
        "recovery_codes",
        "select, insert, update (used_at), delete",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    _table(
        "pending_sign_ins",
        "select, insert, update (challenge, tries), delete",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pending_sign_ins_token_hash")),
    )


def _table(name: str, rights: str, *columns: sa.schema.SchemaItem) -> None:
    """Create a table of something that an account has."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f(f"fk_{name}_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_account_id"), name, ["account_id"])
    grant(name, rights)


def downgrade() -> None:
    for name in ("pending_sign_ins", "recovery_codes", "passkeys", "account_totps"):
        op.drop_table(name)
    for name in ("challenge_until", "challenge", "proved_at"):
        op.drop_column("account_sessions", name)
    op.drop_column("establishment_settings", "head_second_factor")
