"""Whether a questionnaire is answered."""

from collections.abc import Mapping

from pfmp_saas.types.model import Evaluation as Questionnaire

LONGEST = 2000
ALARMS = ("harassment", "respect", "safety")
"""The questions whose bad answer is told at once, the gravest first."""


def alarm(questionnaire: Questionnaire, answers: Mapping[str, str]) -> str | None:
    """Return the gravest question of :data:`ALARMS` that has a mark of the scale's lower half, None where none has."""
    bad = questionnaire.scale[len(questionnaire.scale) // 2 :]
    return next((name for name in ALARMS if answers.get(name) in bad), None)


def faults(questionnaire: Questionnaire, answers: Mapping[str, str]) -> dict[str, str]:
    """Return a French message by question: a mark is asked of each scale, a text may stay empty."""
    messages = {}
    for question in questionnaire.questions:
        answer = answers.get(question.id, "")
        if question.answer == "scale" and answer not in questionnaire.scale:
            messages[question.id] = "Choisissez une réponse."
        elif len(answer) > LONGEST:
            messages[question.id] = f"{LONGEST} caractères au plus ; il y en a {len(answer)}."
    return messages
