"""A derogation that the law allows: recorded by the head of school, with a reason."""

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions.forms import OverrideForm
from pfmp_saas.conventions.overrides import record_override
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import acting_as, now, session
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.school.blueprint import bp


@bp.post(f"{CONVENTION}/deroger")
@requires(Permission.DEROGATE)
def derogate(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Record a derogation."""
    form = OverrideForm()
    record_override(
        session(),
        convention_id,
        code=form.code.data or "",
        reason=form.reason.data or "",
        head=acting_as("Chef d’établissement"),
        now=now(),
    )
    flash("La dérogation est consignée : elle paraît dans la preuve de la convention.")
    return redirect(url_for("school.convention", convention_id=convention_id))
