"""The operator's page: which schools are open, and whether the machinery beats. It reads no school's data."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.core import heartbeat
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session
from pfmp_saas.tenants import queries as tenants

bp = Blueprint("platform", __name__, url_prefix="/plateforme")


@bp.get("")
@requires(Permission.PLATFORM)
def overview() -> ResponseReturnValue:
    """List the establishments and the age of the schedule's last beat."""
    beat = heartbeat.age(session(), "tick", now())
    return render_template(
        "portals/platform/overview.html",
        schools=tenants.everyone(session()),
        age=int(beat.total_seconds()) if beat else None,
    )
