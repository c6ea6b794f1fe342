"""One convention of the school: preview, sending, reminders, withdrawal."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import judging, queries, use_cases
from pfmp_saas.conventions.forms import SendForm, StudentForm
from pfmp_saas.conventions.freeze import without_address
from pfmp_saas.conventions.hosts import queries as hosts
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.overrides import allowed
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.evaluations import queries as evaluations
from pfmp_saas.evidence.queries import events_of
from pfmp_saas.portals.context import acting_as, freezing, now, session, settings, today
from pfmp_saas.portals.files import shown_file
from pfmp_saas.portals.live_findings import findings_or_reason, places
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.school.editing import steps
from pfmp_saas.portals.shared import after_signature, gratification
from pfmp_saas.roster import queries as roster
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing import reaching
from pfmp_saas.signing.addresses import OUTSIDE
from pfmp_saas.signing.errors import RemindedToday
from pfmp_saas.signing.links import remind


@bp.get(CONVENTION)
@requires(Permission.CONVENTION_READ)
def convention(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show a convention: what blocks its sending, or who has signed."""
    return _detail(queries.get(session(), convention_id), None)


def _detail(row: Convention, problem: str | None) -> str:
    request_row = signing.request_of(session(), "convention", row.id)
    findings, unreadable = findings_or_reason(judging.findings, row) if row.state == "draft" else ((), None)
    return render_template(
        "portals/school/detail.html",
        row=row,
        signing=request_row,
        reached=reaching.of_signers(session(), request_row.signers) if request_row else {},
        findings=findings,
        places=places(findings, row),
        problem=problem or unreadable,
        correctable=OUTSIDE,
        steps=steps(row).values(),
        derogable=allowed(session(), row),
        unaddressed=without_address(row.data, today()) if row.state == "draft" else (),
        events=events_of(session(), request_row.evidence_subject) if request_row else [],
        copying=StudentForm(roster.classmates(session(), row.class_name), "le même élève"),
        evaluation=evaluations.of_convention(session(), row.id),
        gratification=gratification(row),
        opinion=_opinion(row),
        **after_signature(row),
    )


def _opinion(row: Convention) -> evaluations.Rating | None:
    """Return what pupils thought of a draft's host, where whoever prepares it should know."""
    host = hosts.of_convention(session(), row) if row.state == "draft" else None
    found = evaluations.rating(session(), hosts.taken(session(), host)) if host else None
    return found if found and found.is_low else None


@bp.get(f"{CONVENTION}/apercu.pdf")
@requires(Permission.CONVENTION_READ)
def preview(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Render the draft as it would be sent."""
    return shown_file(queries.preview_pdf(session(), queries.get(session(), convention_id)), "apercu.pdf")


def _not_sent(error: DomainError, convention_id: uuid.UUID) -> str:
    return _detail(queries.get(session(), convention_id), error.message)


@bp.post(f"{CONVENTION}/envoyer")
@requires(Permission.CONVENTION_SEND)
@or_show(_not_sent)
def send(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Freeze the convention and send it for signature."""
    use_cases.send(session(), convention_id, on_paper=SendForm().fields_on_paper(), **freezing())
    flash("La convention est partie : cinq invitations à signer sont envoyées.")
    return redirect(url_for("school.convention", convention_id=convention_id))


@bp.post(f"{CONVENTION}/relancer/<uuid:signer_id>")
@requires(Permission.CONVENTION_SEND)
def resend(convention_id: uuid.UUID, signer_id: uuid.UUID) -> ResponseReturnValue:
    """Mail a fresh link to a signer who has not answered."""
    signature_request = signing.request_of(session(), "convention", queries.get(session(), convention_id).id)
    waiting = (
        {signer.id: signer for signer in signing.reachable(session(), signature_request)}
        if signature_request
        else {}
    )
    if signer_id not in waiting:
        raise NotFound
    try:
        flash(f"Un nouveau lien part à {remind(session(), signer_id, settings().base_url, now()).name}.")
    except RemindedToday as error:
        flash(error.message)
    return redirect(url_for("school.convention", convention_id=convention_id))


@bp.post(f"{CONVENTION}/retirer")
@requires(Permission.CONVENTION_SEND)
def withdraw(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw a sent convention."""
    use_cases.withdraw(session(), convention_id, acting_as("establishment"), now())
    flash("La convention est retirée de la signature.")
    return redirect(url_for("school.convention", convention_id=convention_id))
