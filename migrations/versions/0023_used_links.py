"""A signing link is found with what using it takes: whose signature it gives, until when."""

from collections.abc import Sequence

from alembic import op
from migrations.security import CROSSING
from migrations.security import former_crossing_function as crossing_function

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NAME, ARGUMENT = "crossing_signing_link", "hash bytea"
FROM = "from signing_links l where l.token_hash = hash"


def upgrade() -> None:
    op.execute(f"grant select (signer_id, expires_at) on signing_links to {CROSSING}")
    returned = "tenant_id uuid, id uuid, signer_id uuid, expires_at timestamptz"
    _replace(f"select l.tenant_id, l.id, l.signer_id, l.expires_at {FROM}", returned)


def downgrade() -> None:
    _replace(f"select l.tenant_id, l.id {FROM}", "tenant_id uuid, id uuid")
    op.execute(f"revoke select (signer_id, expires_at) on signing_links from {CROSSING}")


def _replace(query: str, returned: str) -> None:
    op.execute(f"drop function {NAME}(bytea)")
    op.execute(f"grant create on schema public to {CROSSING}")
    crossing_function(NAME, ARGUMENT, query, returned)
    op.execute(f"revoke create on schema public from {CROSSING}")
