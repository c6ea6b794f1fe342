"""A pupil's evaluation in the evidence; `pfmp audit` holds the row to it."""

from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.evidence.register import Kept

SENT = "evaluation-sent"
EVALUATIONS = Kept(
    "evaluation",
    Evaluation,
    ("convention_id", "student_account_id", "answers", "sent_at"),
    "l’évaluation",
)
