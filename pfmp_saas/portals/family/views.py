"""The pupil's and the parents' space: what is to sign, the papers, and the pupil's evaluation of the host."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.roles import Role
from pfmp_saas.evaluations import queries as evaluations
from pfmp_saas.evaluations import use_cases as evaluation_use_cases
from pfmp_saas.evaluations.forms import QuestionnaireForm, questionnaire_form
from pfmp_saas.portals import asked
from pfmp_saas.portals.asked import FAMILY
from pfmp_saas.portals.context import now, session, signed_in, today
from pfmp_saas.portals.party import concerned
from pfmp_saas.portals.party_routes import add_accidents, add_difficulties, party_portal

bp = Blueprint("family", __name__, url_prefix="/famille")
EVALUATION = "/<uai>/evaluations/<uuid:convention_id>"
PORTAL = party_portal(bp, Permission.FAMILY_SPACE, *FAMILY)
add_difficulties(PORTAL)
add_accidents(PORTAL, Permission.ACCIDENT_RECORD, "family")


@bp.get("")
@requires(Permission.SIGNED_IN)
def dashboard() -> ResponseReturnValue:
    """Show what awaits the signed-in person, in every school, and the pupil's conventions."""
    return asked.inbox("family", *FAMILY)


@bp.get(EVALUATION)
@requires(Permission.EVALUATION_WRITE)
def evaluation(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show the questionnaire, or why it is not to fill."""
    row = concerned(convention_id, Role.STUDENT)
    return _evaluation(row, _form(row))


@bp.post(EVALUATION)
@requires(Permission.EVALUATION_WRITE)
def evaluate(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Send the answers, once."""
    row = concerned(convention_id, Role.STUDENT)
    form = _form(row)
    if not form.validate_on_submit():
        return _evaluation(row, form), 422
    evaluation_use_cases.submit(session(), row.id, signed_in().account_id, form.answers(), today(), now())
    flash("Merci. Votre avis est envoyé à votre établissement, et à lui seul.")
    return redirect(url_for("family.evaluation", convention_id=row.id))


def _form(row: Convention) -> QuestionnaireForm:
    return questionnaire_form(evaluations.questionnaire(session(), row))


def _evaluation(row: Convention, form: QuestionnaireForm) -> str:
    return render_template(
        "portals/family/evaluation.html",
        row=row,
        questionnaire=evaluations.questionnaire(session(), row),
        open=evaluations.is_open(row, today()),
        sent=evaluations.of_convention(session(), row.id),
        form=form,
    )
