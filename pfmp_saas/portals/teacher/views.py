"""The referent teacher's space: the pupils followed, their conventions, contacts and visits, accidents, evaluations."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import queries
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.roles import Role
from pfmp_saas.followups import queries as followups
from pfmp_saas.followups.forms import DoneForm
from pfmp_saas.followups.use_cases import record
from pfmp_saas.portals import shared, visits
from pfmp_saas.portals.calendars import address_of
from pfmp_saas.portals.context import now, session, signed_in, today
from pfmp_saas.portals.party import concerned
from pfmp_saas.portals.party_routes import (
    CONVENTION,
    add_accidents,
    add_difficulties,
    add_evaluation,
    party_portal,
)
from pfmp_saas.portals.refusals import or_show

bp = Blueprint("teacher", __name__, url_prefix="/enseignant")
PORTAL = party_portal(bp, Permission.FOLLOW_STUDENTS, Role.REFERENT)
add_difficulties(PORTAL)
add_accidents(PORTAL, Permission.ACCIDENT_RECORD, "school")
add_evaluation(PORTAL, Permission.EVALUATION_READ)


@bp.get("/<uai>/")
@requires(Permission.FOLLOW_STUDENTS)
def dashboard() -> ResponseReturnValue:
    """List the conventions that the signed-in teacher follows."""
    rows = queries.for_party(session(), signed_in().account_id, {Role.REFERENT.value})
    by_id = {row.id: row for row in rows}
    waiting = followups.expected(session(), by_id, today())
    return render_template(
        "portals/shared/conventions.html",
        rows=rows,
        space="teacher",
        waiting=[(act, by_id[act.convention_id]) for act in waiting],
        today_is=today(),
        calendar=address_of(signed_in().account_id),
    )


@bp.get("/<uai>/visites")
@requires(Permission.FOLLOW_STUDENTS)
def visits_to_make() -> ResponseReturnValue:
    """Show the signed-in teacher's visits still to make, commune by commune."""
    return visits.page("teacher", signed_in().email)


@bp.get("/<uai>/visites.<kind>")
@requires(Permission.FOLLOW_STUDENTS)
def visits_sheet(kind: str) -> ResponseReturnValue:
    """Give the signed-in teacher's visits still to make as a file."""
    return visits.listed(kind, signed_in().email)


def _not_recorded(error: DomainError, convention_id: uuid.UUID, followup_id: uuid.UUID) -> str:
    if error.field is None:
        raise error
    row = concerned(convention_id, Role.REFERENT)
    form = DoneForm()
    form.refuse(error)
    return shared.convention_page(row, "teacher", (followup_id, form))


@bp.post(f"{CONVENTION}/suivi/<uuid:followup_id>")
@requires(Permission.FOLLOW_STUDENTS)
@or_show(_not_recorded)
def record_followup(convention_id: uuid.UUID, followup_id: uuid.UUID) -> ResponseReturnValue:
    """Record the day on which a contact or a visit took place."""
    row = concerned(convention_id, Role.REFERENT)
    if followups.get(session(), followup_id).convention_id != row.id:
        raise NotFound
    form = DoneForm()
    if not form.validate_on_submit():
        return shared.convention_page(row, "teacher", (followup_id, form)), 422
    record(
        session(),
        followup_id,
        done_on=form.done_on.data,
        today=today(),
        recorded_by=signed_in().account_id,
        now=now(),
    )
    flash("C’est noté : plus de rappel.")
    return redirect(url_for("teacher.convention", convention_id=row.id) + "#suivi")
