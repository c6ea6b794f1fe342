"""Mails that have left keep no secret of a link: what was sent is known to its reader alone."""

from collections.abc import Sequence

from alembic import op
from migrations.security import rows_of_all

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_LINK = "(/(signer|entree)/)[A-Za-z0-9_-]{20,}"


def upgrade() -> None:
    """Erase the secrets of mails that have left."""
    taken = ", ".join(f"{name} = regexp_replace({name}, '{_LINK}', '\\1…', 'g')" for name in ("body", "html"))
    with rows_of_all("outgoing_mails"):
        op.execute(f"update outgoing_mails set {taken} where state = 'done'")


def downgrade() -> None:
    """Leave the mails as they are: what was erased can't come back."""
