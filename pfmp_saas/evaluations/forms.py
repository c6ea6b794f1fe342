"""The pupil's questionnaire as a form, built from the type's questions."""

from typing import Any

from pfmp_saas.core.fields import Area, Radio
from pfmp_saas.core.forms import AtMost, Form, Needed, made
from pfmp_saas.types.model import Evaluation as Questionnaire
from pfmp_saas.types.model import Question

LONGEST = 2000


class QuestionnaireForm(Form):
    """The answers to a questionnaire. Its fields have the questions' identifiers as names."""

    def answers(self) -> dict[str, str]:
        """Return the answer to each question, empty where there is none."""
        return {field.name: field.data or "" for field in self if isinstance(field, Radio | Area)}


def questionnaire_form(questionnaire: Questionnaire) -> QuestionnaireForm:
    """Return the form of a questionnaire: a mark is asked of each scale, a text may stay empty."""
    fields = {
        f"question.{question.id}": _field(question, questionnaire) for question in questionnaire.questions
    }
    return made(QuestionnaireForm, fields)


def _field(question: Question, questionnaire: Questionnaire) -> Any:
    if question.answer == "scale":
        return Radio(
            question.text,
            name=question.id,
            choices=[(mark, mark) for mark in questionnaire.scale],
            validators=[Needed("Choisissez une réponse.")],
        )
    return Area(question.text, name=question.id, validators=[AtMost(LONGEST)])
