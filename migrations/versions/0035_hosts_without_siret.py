"""A host without SIRET is known by its name and address, as they are compared."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import rows_of_all

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("hosts", sa.Column("identity", sa.Text(), nullable=False, server_default=""))
    with rows_of_all("hosts"):
        op.execute("update hosts set identity = siret")
    op.alter_column("hosts", "identity", server_default=None)
    op.drop_constraint(op.f("uq_hosts_tenant_id_siret"), "hosts")
    op.create_unique_constraint(op.f("uq_hosts_tenant_id_identity"), "hosts", ["tenant_id", "identity"])


def downgrade() -> None:
    with rows_of_all("hosts"):
        op.execute("delete from hosts where siret = ''")
    op.drop_constraint(op.f("uq_hosts_tenant_id_identity"), "hosts")
    op.create_unique_constraint(op.f("uq_hosts_tenant_id_siret"), "hosts", ["tenant_id", "siret"])
    op.drop_column("hosts", "identity")
