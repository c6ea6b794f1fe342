"""An act of follow-up in the evidence, once it is noted; `pfmp audit` holds the row to it."""

from pfmp_saas.evidence.register import Kept
from pfmp_saas.followups.models import Followup
from pfmp_saas.followups.states import FollowupState

NOTED = "followup-noted"
FOLLOWUPS = Kept(
    "followup",
    Followup,
    (
        "convention_id", "kind", "starts_on", "ends_on", "due_on", "done_on", "recorded_by", "recorded_at",
        "state",
    ),
    "l’acte de suivi",
    Followup.state == FollowupState.DONE,
)  # fmt: skip
