"""What signers say of their signature, where a mail came back from, when a link was opened, an address corrected."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from migrations.security import CROSSING, crossing_function, protect

revision: str = "0044"
down_revision: str | None = "0043"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_REPLACING = ("replaces", "replacement_reason")
_SIGNER = ("opened_at", "questioned_at", "readdressed_at")


def upgrade() -> None:
    for name in _SIGNER:
        op.add_column("signers", sa.Column(name, _INSTANT, nullable=True))
    for name in _REPLACING:
        op.add_column("signature_requests", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("outgoing_mails", sa.Column("returned_at", _INSTANT, nullable=True))
    op.add_column("outgoing_mails", sa.Column("return_reason", sa.Text(), nullable=True))
    op.create_index("ix_outgoing_mails_subject_id", "outgoing_mails", ["subject_id"])
    op.create_table(
        "signer_remarks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["signer_id"], ["signers.id"], name=op.f("fk_signer_remarks_signer_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_signer_remarks_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signer_remarks")),
    )
    op.create_index(op.f("ix_signer_remarks_tenant_id"), "signer_remarks", ["tenant_id"])
    op.create_index(op.f("ix_signer_remarks_signer_id"), "signer_remarks", ["signer_id"])
    protect("signer_remarks", "select, insert, update (state, answer, settled_at, settled_by), delete")
    op.execute(f"grant create on schema public to {CROSSING}")
    crossing_function(
        "crossing_returned_mail",
        "mail uuid",
        "select o.tenant_id, o.id from outgoing_mails o where o.id = mail",
    )
    op.execute(f"revoke create on schema public from {CROSSING}")


def downgrade() -> None:
    op.execute("drop function crossing_returned_mail(uuid)")
    op.drop_table("signer_remarks")
    op.drop_index("ix_outgoing_mails_subject_id", table_name="outgoing_mails")
    op.drop_column("outgoing_mails", "return_reason")
    op.drop_column("outgoing_mails", "returned_at")
    for name in _REPLACING:
        op.drop_column("signature_requests", name)
    for name in _SIGNER:
        op.drop_column("signers", name)
