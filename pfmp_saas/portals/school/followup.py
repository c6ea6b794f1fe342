"""After signature, for the office: accidents and their deadlines, attestations awaited, evaluations received."""

import re
import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents import use_cases as accidents
from pfmp_saas.attestations import allowances
from pfmp_saas.attestations import use_cases as attestations
from pfmp_saas.conventions import queries
from pfmp_saas.core import mail
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.deadlines import use_cases as deadlines
from pfmp_saas.followups import queries as followups
from pfmp_saas.portals import shared
from pfmp_saas.portals.context import now, session, settings
from pfmp_saas.portals.school.blueprint import DETAIL, bp
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.reminders import ask_attestation


@bp.get("/<uai>/suivi")
@requires(Permission.CONVENTION_READ)
def followup() -> ResponseReturnValue:
    """List what presses: accidents to declare, attestations not signed on their day, contacts and visits not noted."""
    urgent = [(row, queries.get(session(), row.convention_id)) for row in accidents.undeclared(session())]
    late = attestations.unsigned(session(), shared.today())
    awaited = [(row, queries.get(session(), row.convention_id)) for row in late]
    missed = followups.overdue(session(), shared.today())
    return render_template(
        "portals/school/followup.html",
        accidents=urgent,
        attestations=awaited,
        followups=[(row, queries.get(session(), row.convention_id)) for row in missed],
        mails=mail.refused(session()),
        given_up=deadlines.given_up(session()),
    )


@bp.post("/<uai>/suivi/courriels/<uuid:outgoing_mail_id>")
@requires(Permission.CONVENTION_WRITE)
def send_again(outgoing_mail_id: uuid.UUID) -> ResponseReturnValue:
    """Put a refused mail back in the queue."""
    mail.try_again(session(), outgoing_mail_id)
    flash("Le courriel repart.")
    return redirect(url_for("school.followup"))


@bp.post("/<uai>/suivi/taches/<uuid:due_item_id>")
@requires(Permission.CONVENTION_WRITE)
def do_again(due_item_id: uuid.UUID) -> ResponseReturnValue:
    """Try again what the worker gave up."""
    deadlines.resume(session(), due_item_id, now())
    flash("La tâche repart.")
    return redirect(url_for("school.followup"))


@bp.get("/<uai>/suivi/allocations")
@requires(Permission.CONVENTION_READ)
def allowances_of_year() -> ResponseReturnValue:
    """Show the State allowance of each pupil for a school year, with its computation."""
    current = allowances.school_year(shared.today())
    asked = request.args.get("annee", "")
    year = int(asked) if re.fullmatch("20[0-9]{2}", asked) else current
    found = allowances.of_year(session(), year)
    return render_template("portals/school/allowances.html", year=year, current=current, allowances=found)


@bp.get(f"{DETAIL}/accident")
@requires(Permission.ACCIDENT_MANAGE)
def accident(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that records an accident."""
    return shared.accident_form(queries.get(session(), convention_id), "school", {}, {})


@bp.post(f"{DETAIL}/accident")
@requires(Permission.ACCIDENT_MANAGE)
def record_accident(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Record an accident."""
    return shared.record_accident(queries.get(session(), convention_id), "school", "school")


@bp.post(f"{DETAIL}/accidents/<uuid:accident_id>/declarer")
@requires(Permission.ACCIDENT_MANAGE)
def declare_accident(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
    """Record that the declaration is sent."""
    return shared.declare_accident(accident_id, queries.get(session(), convention_id), "school")


@bp.get(f"{DETAIL}/evaluation")
@requires(Permission.CONVENTION_READ)
def evaluation(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show the pupil's evaluation of the host."""
    return shared.evaluation_page(queries.get(session(), convention_id), "school")


@bp.get(f"{DETAIL}/attestation.pdf")
@requires(Permission.CONVENTION_READ)
def attestation_pdf(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Give the attestation."""
    return shared.attestation_pdf(queries.get(session(), convention_id))


@bp.post(f"{DETAIL}/attestation/relancer")
@requires(Permission.ATTESTATION_MANAGE)
def remind_attestation(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Mail the host a fresh link to its attestation, now."""
    row = queries.get(session(), convention_id)
    ask_attestation(session(), row, Around(settings().base_url, now()))
    flash("L’organisme d’accueil reçoit un nouveau lien vers l’attestation.")
    return redirect(url_for("school.convention", convention_id=row.id))
