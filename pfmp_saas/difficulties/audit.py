"""A difficulty in the evidence: told, then settled; `pfmp audit` holds the row to it."""

from pfmp_saas.difficulties.models import Difficulty
from pfmp_saas.evidence.register import Kept

TOLD, SETTLED = "difficulty-told", "difficulty-settled"
DIFFICULTIES = Kept(
    "difficulty",
    Difficulty,
    (
        "convention_id", "kind", "told_as", "told_by", "told_at", "words", "due_at", "measures", "settled_by",
        "settled_at", "state",
    ),
    "le signalement",
)  # fmt: skip
