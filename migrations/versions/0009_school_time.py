"""A school's holidays; the previous placement on a post, known across schools by its dates alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import APP, CROSSING
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ARGUMENTS = "wanted text, tutor text, before date, apart uuid"


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.add_column(
        "establishment_settings",
        sa.Column("school_holidays", json, nullable=False, server_default=sa.text("'[]'::jsonb")),
    )
    op.alter_column("establishment_settings", "school_holidays", server_default=None)
    op.execute(f"grant create on schema public to {CROSSING}")
    op.execute(
        f"create function crossing_previous_placement({ARGUMENTS}) "
        "returns table (starts_on date, ends_on date) language sql stable security definer "
        "set search_path = pg_catalog, public as $$ "
        "select p.starts_on, p.ends_on from placements p where p.active and p.siren = wanted "
        "and p.tutor_key = tutor and p.ends_on < before and p.convention_id <> apart "
        "order by p.ends_on desc, p.starts_on limit 1 $$"
    )
    op.execute(f"alter function crossing_previous_placement({ARGUMENTS}) owner to {CROSSING}")
    op.execute(f"revoke all on function crossing_previous_placement({ARGUMENTS}) from public")
    op.execute(f"grant execute on function crossing_previous_placement({ARGUMENTS}) to {APP}")
    op.execute(f"revoke create on schema public from {CROSSING}")


def downgrade() -> None:
    op.execute(f"drop function crossing_previous_placement({ARGUMENTS})")
    op.drop_column("establishment_settings", "school_holidays")
