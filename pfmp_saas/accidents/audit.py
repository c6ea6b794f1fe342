"""An accident in the evidence: recorded, then declared; `pfmp audit` holds the row to it."""

from pfmp_saas.accidents.models import Accident
from pfmp_saas.evidence.register import Kept

RECORDED, DECLARED = "accident-recorded", "accident-declared"
WITHDRAWN, CORRECTED, COPIED = "accident-withdrawn", "accident-corrected", "accident-copied"
ACCIDENTS = Kept(
    "accident",
    Accident,
    (
        "convention_id", "occurred_at", "known_at", "place", "circumstances", "commuting", "declarant", "recipient",
        "timezone", "deadline", "recorded_by", "recorded_as", "declared_at", "declaration_means", "state",
        "activity", "cause", "witnesses", "third_party", "sent_on", "proof_id", "copied_at", "withdrawn_at",
        "withdrawal_reason", "corrects_id",
    ),
    "l’accident",
)  # fmt: skip
