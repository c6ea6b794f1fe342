"""Whether a questionnaire is answered."""

from collections.abc import Mapping

from pfmp_saas.types.model import Evaluation as Questionnaire

LONGEST = 2000


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
