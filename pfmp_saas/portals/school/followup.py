"""After signature, for the office: accidents and their deadlines, attestations awaited, evaluations received."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents import queries as accidents
from pfmp_saas.attestations import allowances
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.conventions import queries
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.years import school_year
from pfmp_saas.followups import queries as followups
from pfmp_saas.portals.context import asked_year, now, session, settings, today
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.signing.errors import RemindedToday
from pfmp_saas.workflows import failures
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.last_day import ask_attestation_now


@bp.get("/<uai>/suivi")
@requires(Permission.CONVENTION_READ)
def followup() -> ResponseReturnValue:
    """List what is urgent or late: accidents to declare, attestations to sign, contacts and visits, failed work."""
    urgent = accidents.undeclared(session())
    late = attestations.unsigned(session(), today())
    missed = followups.overdue(session(), today())
    about = {
        *(a.convention_id for a in urgent),
        *(a.convention_id for a in late),
        *(f.convention_id for f in missed),
    }
    of = queries.by_id(session(), about)
    return render_template(
        "portals/school/followup.html",
        accidents=[(row, of[row.convention_id]) for row in urgent],
        attestations=[(row, of[row.convention_id]) for row in late],
        followups=[(row, of[row.convention_id]) for row in missed],
        failures=failures.listed(session()),
        failures_in_all=failures.number(session()),
    )


@bp.get("/<uai>/suivi/allocations")
@requires(Permission.CONVENTION_READ)
def allowances_of_year() -> ResponseReturnValue:
    """Show the State allowance of each pupil for a school year, with its computation."""
    current, year = school_year(today()), asked_year()
    by_pupil = allowances.of_year(session(), year)
    return render_template("portals/school/allowances.html", year=year, current=current, allowances=by_pupil)


@bp.post(f"{CONVENTION}/attestation/relancer")
@requires(Permission.ATTESTATION_MANAGE)
def remind_attestation(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Mail the host a fresh link to its attestation, now."""
    row = queries.get(session(), convention_id)
    try:
        ask_attestation_now(session(), row, Around(settings().base_url, now()))
        flash("L’organisme d’accueil reçoit un nouveau lien vers l’attestation.")
    except RemindedToday as error:
        flash(error.message)
    return redirect(url_for("school.convention", convention_id=row.id))
