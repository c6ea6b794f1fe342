"""Drafts filled from known data: a convention copied, a known host reused."""

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import queries, reuse
from pfmp_saas.conventions.forms import HostForm, StudentForm
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.school.blueprint import bp


@bp.post(f"{CONVENTION}/copier")
@requires(Permission.CONVENTION_WRITE)
def copy(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Open a draft that repeats a convention."""
    student_id = StudentForm(()).chosen()
    row = reuse.copy_convention(
        session(), convention_id, student_id=student_id, created_by=signed_in().account_id, now=now()
    )
    flash(f"Nouveau brouillon {row.number} : vérifiez l’élève, les dates et les horaires.")
    return redirect(url_for("school.edit", convention_id=row.id, step="eleve"))


@bp.post(f"{CONVENTION}/organisme")
@requires(Permission.CONVENTION_WRITE)
def take_up_host(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Fill the draft's host with one that the school knows."""
    queries.get(session(), convention_id)
    host_id = HostForm().chosen()
    if host_id:
        reuse.take_up_host(session(), convention_id, host_id)
        flash("Organisme repris. Vérifiez-le.")
    return redirect(url_for("school.edit", convention_id=convention_id, step="entreprise"))
