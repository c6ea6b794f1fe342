"""What a declaration of accident asks, the proof that it left, corrections and withdrawals."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0052"
down_revision: str | None = "0051"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TEXTS = ("activity", "cause", "witnesses", "third_party")
_LATER = {
    "sent_on": sa.Date(),
    "proof_id": sa.Uuid(),
    "copied_at": sa.DateTime(timezone=True),
    "withdrawn_at": sa.DateTime(timezone=True),
    "withdrawal_reason": sa.Text(),
    "corrects_id": sa.Uuid(),
}


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("accidents", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name, kind in _LATER.items():
        op.add_column("accidents", sa.Column(name, kind, nullable=True))
    op.create_foreign_key(op.f("fk_accidents_proof_id"), "accidents", "stored_files", ["proof_id"], ["id"])
    op.create_foreign_key(op.f("fk_accidents_corrects_id"), "accidents", "accidents", ["corrects_id"], ["id"])
    op.create_unique_constraint(op.f("uq_accidents_corrects_id"), "accidents", ["corrects_id"])


def downgrade() -> None:
    op.drop_constraint(op.f("uq_accidents_corrects_id"), "accidents", type_="unique")
    op.drop_constraint(op.f("fk_accidents_corrects_id"), "accidents", type_="foreignkey")
    op.drop_constraint(op.f("fk_accidents_proof_id"), "accidents", type_="foreignkey")
    for name in reversed((*_TEXTS, *_LATER)):
        op.drop_column("accidents", name)
