"""An accident in the evidence: recorded, then declared; `pfmp audit` holds the row to it."""

from pfmp_saas.accidents.models import Accident
from pfmp_saas.evidence.register import Kept

RECORDED, DECLARED = "accident-recorded", "accident-declared"
ACCIDENTS = Kept(
    "accident",
    Accident,
    (
        "convention_id", "occurred_at", "known_at", "place", "circumstances", "commuting", "declarant", "recipient",
        "timezone", "deadline", "recorded_by", "recorded_as", "declared_at", "declaration_means", "state",
    ),
    "l’accident",
)  # fmt: skip
