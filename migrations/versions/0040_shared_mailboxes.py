"""Several people may read one mailbox: each has a message of his or her own."""

from collections.abc import Sequence

from alembic import op

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_NAME = "uq_outgoing_mails_tenant_id_kind_subject_id_occurrence_recipient"
_ONCE = ["tenant_id", "kind", "subject_id", "occurrence", "recipient"]


def upgrade() -> None:
    op.drop_constraint(op.f(_NAME), "outgoing_mails")
    op.create_unique_constraint("uq_outgoing_mails_once", "outgoing_mails", [*_ONCE, "recipient_name"])


def downgrade() -> None:
    op.drop_constraint("uq_outgoing_mails_once", "outgoing_mails")
    op.create_unique_constraint(op.f(_NAME), "outgoing_mails", _ONCE)
