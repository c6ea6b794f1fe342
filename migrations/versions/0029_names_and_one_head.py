"""A person's name belongs to the membership; the head is the member with that role, one in each establishment."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import rows_of_all

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_HEADS = ("head_name", "head_email")


def upgrade() -> None:
    op.add_column("memberships", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    with rows_of_all("memberships", "establishment_settings"):
        op.execute("update memberships m set name = a.name from accounts a where a.id = m.account_id")
        op.execute(
            "update memberships m set name = s.head_name from establishment_settings s, accounts a "
            "where s.tenant_id = m.tenant_id and a.id = m.account_id and m.role = 'head' "
            "and a.email = lower(s.head_email) and s.head_name <> ''"
        )
    op.execute("update accounts set name = '' where not operator")
    op.alter_column("memberships", "name", server_default=None)
    for name in _HEADS:
        op.drop_column("establishment_settings", name)
    one = {"unique": True, "postgresql_where": sa.text("role = 'head'")}
    op.create_index("ix_memberships_one_head", "memberships", ["tenant_id"], **one)


def downgrade() -> None:
    op.drop_index("ix_memberships_one_head", "memberships")
    for name in _HEADS:
        op.add_column(
            "establishment_settings", sa.Column(name, sa.Text(), nullable=False, server_default="")
        )
    with rows_of_all("memberships", "establishment_settings"):
        op.execute("update accounts a set name = m.name from memberships m where m.account_id = a.id")
        op.execute(
            "update establishment_settings s set head_name = m.name, head_email = a.email "
            "from memberships m, accounts a "
            "where s.tenant_id = m.tenant_id and a.id = m.account_id and m.role = 'head'"
        )
    for name in _HEADS:
        op.alter_column("establishment_settings", name, server_default=None)
    op.drop_column("memberships", "name")
