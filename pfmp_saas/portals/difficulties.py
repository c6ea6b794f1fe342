"""The form by which a party to a convention tells the school what goes wrong."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import queries
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.roles import Role
from pfmp_saas.difficulties import use_cases
from pfmp_saas.difficulties.forms import DifficultyForm
from pfmp_saas.difficulties.states import DifficultyKind
from pfmp_saas.portals.context import now, session, signed_in

_CAPACITIES = (Role.STUDENT, Role.GUARDIAN, Role.TUTOR, Role.HOST_REPRESENTATIVE, Role.REFERENT)


def difficulty_page(row: Convention, space: str, form: DifficultyForm) -> str:
    """Show the form that tells a difficulty."""
    return render_template("portals/shared/difficulty.html", row=row, space=space, form=form)


def tell(row: Convention, space: str) -> ResponseReturnValue:
    """Store what the form says, or show it again with its faults."""
    form = DifficultyForm()
    if not form.validate_on_submit():
        return difficulty_page(row, space, form), 422
    roles = queries.party_roles(session(), row.id, signed_in().account_id)
    use_cases.tell(
        session(),
        row.id,
        DifficultyKind(form.kind.data),
        form.words.data,
        told_as=next(role for role in _CAPACITIES if role in roles),
        told_by=signed_in().account_id,
        now=now(),
    )
    flash("C’est envoyé : l’établissement est prévenu.")
    return redirect(url_for(f"{space}.convention", convention_id=row.id) + "#signalements")
