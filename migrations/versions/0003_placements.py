"""Placements of conventions that were sent, and the counts that cross schools."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import ALL, APP, CROSSING, let_cross, protect

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEYS = ("tutor", "referent", "student")


def upgrade() -> None:
    op.create_table(
        "placements",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("tutor_key", sa.Text(), nullable=False),
        sa.Column("referent_key", sa.Text(), nullable=False),
        sa.Column("student_key", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_placements_convention_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_placements_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.UniqueConstraint("convention_id", "starts_on", name=op.f("uq_placements_convention_id_starts_on")),
    )
    op.create_index(op.f("ix_placements_tenant_id"), "placements", ["tenant_id"])
    active = sa.text("active")
    op.create_index("ix_placements_siren", "placements", ["siren", "ends_on"], postgresql_where=active)
    op.create_index("ix_placements_tutor", "placements", ["tutor_key", "ends_on"], postgresql_where=active)
    op.create_index(
        "ix_placements_referent", "placements", ["referent_key", "ends_on"], postgresql_where=active
    )
    op.create_index("ix_placements_student", "placements", ["student_key"], postgresql_where=active)
    protect("placements", ALL)
    let_cross("placements", "convention_id, siren, tutor_key, referent_key, starts_on, ends_on, active")
    op.execute(f"grant create on schema public to {CROSSING}")
    _count(
        "crossing_host_trainees",
        "wanted text, days date[], apart uuid",
        "p.siren = wanted and p.starts_on <= d.day + 6 and p.ends_on >= d.day",
    )
    _count(
        "crossing_running",
        "role text, wanted text, days date[], apart uuid",
        "case role when 'tutor' then p.tutor_key = wanted when 'referent' then p.referent_key = wanted end"
        " and p.starts_on <= d.day and p.ends_on >= d.day",
    )
    op.execute(f"revoke create on schema public from {CROSSING}")


def _count(name: str, arguments: str, condition: str) -> None:
    """Create a function that tells a number across schools, and nothing else."""
    op.execute(
        f"create function {name}({arguments}) returns bigint language sql stable security definer "
        "set search_path = pg_catalog, public as $$ select coalesce(max(found.held), 0) from "
        "(select d.day, count(distinct p.convention_id) as held from unnest(days) as d(day) "
        f"join placements p on p.active and p.convention_id <> apart and {condition} "
        "group by d.day) as found $$"
    )
    op.execute(f"alter function {name}({arguments}) owner to {CROSSING}")
    op.execute(f"revoke all on function {name}({arguments}) from public")
    op.execute(f"grant execute on function {name}({arguments}) to {APP}")


def downgrade() -> None:
    op.execute("drop function crossing_running(text, text, date[], uuid)")
    op.execute("drop function crossing_host_trainees(text, date[], uuid)")
    op.drop_table("placements")
