"""Difficulties told to the school: head and DDFPT read them, and note what was done."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import queries as conventions
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.difficulties import queries, use_cases
from pfmp_saas.difficulties.forms import MeasuresForm
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp

DIFFICULTY = "/<uai>/signalements/<uuid:difficulty_id>"


@bp.get("/<uai>/signalements")
@requires(Permission.DIFFICULTY_READ)
def difficulties() -> ResponseReturnValue:
    """List the difficulties that await an answer."""
    return render_template("portals/school/difficulties.html", rows=queries.open_ones(session()))


@bp.get(DIFFICULTY)
@requires(Permission.DIFFICULTY_READ)
def difficulty(difficulty_id: uuid.UUID) -> ResponseReturnValue:
    """Show a difficulty, and what was done about it."""
    return _page(difficulty_id, MeasuresForm())


def _refused(error: DomainError, difficulty_id: uuid.UUID) -> str:
    form = MeasuresForm()
    form.refuse(error)
    return _page(difficulty_id, form)


@bp.post(DIFFICULTY)
@requires(Permission.DIFFICULTY_READ)
@or_show(_refused)
def settle_difficulty(difficulty_id: uuid.UUID) -> ResponseReturnValue:
    """Store what was done about a difficulty."""
    form = MeasuresForm()
    if not form.validate_on_submit():
        return _page(difficulty_id, form), 422
    use_cases.settle(
        session(),
        difficulty_id,
        form.measures.data,
        settled_by=signed_in().account_id,
        settled_as="school",
        now=now(),
    )
    flash("C’est noté, et gardé avec la convention : plus de rappel.")
    return redirect(url_for("school.difficulty", difficulty_id=difficulty_id))


def _page(difficulty_id: uuid.UUID, form: MeasuresForm) -> str:
    row = queries.get(session(), difficulty_id)
    of = conventions.get(session(), row.convention_id)
    return render_template("portals/school/difficulty.html", difficulty=row, row=of, form=form)
