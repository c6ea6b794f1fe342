"""Amendments, for the office: what changes, sent to all, followed until everybody has signed."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.amendments import errors, queries, use_cases
from pfmp_saas.amendments.forms import AmendmentForm, amendment_form, fields_of
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.amendments.states import NATURES, OUTCOMES, AmendmentState
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions import staff
from pfmp_saas.conventions.forms import SendForm
from pfmp_saas.conventions.freeze import five_of, without_address
from pfmp_saas.conventions.hours import DAY_NAMES, HALVES
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.evidence.queries import events_of
from pfmp_saas.portals.context import acting_as, freezing, now, session, signed_in, today
from pfmp_saas.portals.files import shown_file
from pfmp_saas.portals.live_findings import findings_or_reason
from pfmp_saas.portals.party_routes import AMENDMENT, CONVENTION
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.signing import queries as signing
from pfmp_saas.types.revisions.use_cases import type_of
from pfmp_saas.workflows.exclusions import check_amendable


@bp.get(f"{CONVENTION}/avenants/nouveau")
@requires(Permission.CONVENTION_WRITE)
def new_amendment(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form over the convention as it stands."""
    row = _amendable(convention_id)
    return _form_page(row, _form(row, row.data))


@bp.post(f"{CONVENTION}/avenants/nouveau")
@requires(Permission.CONVENTION_WRITE)
def create_amendment(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Open the draft once the form can be read."""
    row = _amendable(convention_id)
    form = _form(row, row.data)
    wish = form.wish(row.data)
    if wish is None:
        return _form_page(row, form), 422
    draft = use_cases.open_draft(session(), row.id, wish, created_by=signed_in().account_id)
    return redirect(url_for("school.amendment", amendment_id=draft.id))


def _amendable(convention_id: uuid.UUID) -> Convention:
    row = use_cases.amendable(session(), convention_id)
    check_amendable(session(), row)
    return row


@bp.get(f"{AMENDMENT}/modifier")
@requires(Permission.CONVENTION_WRITE)
def edit_amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Show a draft's form."""
    row, convention = _draft(amendment_id)
    return _form_page(convention, _form(convention, row.data, row), row)


@bp.post(f"{AMENDMENT}/modifier")
@requires(Permission.CONVENTION_WRITE)
def save_amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Save a draft once the form can be read."""
    row, convention = _draft(amendment_id)
    form = _form(convention, row.data, row)
    wish = form.wish(row.before)
    if wish is None:
        return _form_page(convention, form, row), 422
    use_cases.save(session(), row.id, wish)
    return redirect(url_for("school.amendment", amendment_id=row.id))


def _draft(amendment_id: uuid.UUID) -> tuple[Amendment, Convention]:
    row = queries.get(session(), amendment_id)
    if row.state != AmendmentState.DRAFT:
        raise errors.NotDraft
    return row, conventions.get(session(), row.convention_id)


def _form(convention: Convention, data: Mapping[str, Any], row: Amendment | None = None) -> AmendmentForm:
    saved = {"nature": row.nature, "reason": row.reason, "outcome": row.outcome or ""} if row else None
    referents = staff.choices(session(), (data.get("referent") or {}).get("email") or "")
    return amendment_form(type_of(session(), convention), data, referents, saved)


def _form_page(convention: Convention, form: AmendmentForm, row: Amendment | None = None) -> str:
    return render_template(
        "portals/school/amendment_form.html",
        row=row,
        convention=convention,
        fields=fields_of(type_of(session(), convention)),
        days=DAY_NAMES,
        halves=HALVES,
        form=form,
    )


@bp.get(AMENDMENT)
@requires(Permission.CONVENTION_READ)
def amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Show an amendment: what it changes, what blocks its sending, who has signed."""
    return _page(queries.get(session(), amendment_id))


def _page(row: Amendment, problem: str | None = None) -> str:
    request_row = signing.get(session(), row.request_id) if row.request_id else None
    drafted = row.state == AmendmentState.DRAFT
    kind = type_of(session(), conventions.get(session(), row.convention_id))
    named = use_cases.asked(session(), row, kind)
    findings, unreadable = findings_or_reason(use_cases.findings, row) if drafted else ((), None)
    return render_template(
        "portals/school/amendment.html",
        row=row,
        title=use_cases.title(session(), row),
        nature=NATURES[row.nature],
        outcome=OUTCOMES[row.outcome or ""],
        changes=use_cases.told(kind, row),
        who=[each for each in five_of(row.data, today()) if each.field in named] if drafted else (),
        findings=findings,
        problem=problem or unreadable,
        signing=request_row,
        events=events_of(session(), request_row.evidence_subject) if request_row else [],
        unaddressed=[each for each in without_address(row.data, today()) if each.field in named]
        if drafted
        else (),
    )


@bp.get(f"{AMENDMENT}/apercu.pdf")
@requires(Permission.CONVENTION_READ)
def preview_amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Render a draft as it would be sent."""
    return shown_file(use_cases.preview(session(), queries.get(session(), amendment_id)).pdf, "apercu.pdf")


def _not_sent(error: DomainError, amendment_id: uuid.UUID) -> str:
    return _page(queries.get(session(), amendment_id), error.message)


@bp.post(f"{AMENDMENT}/envoyer")
@requires(Permission.CONVENTION_SEND)
@or_show(_not_sent)
def send_amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Freeze the amendment and send it for signature."""
    row = queries.get(session(), amendment_id)
    check_amendable(session(), conventions.get(session(), row.convention_id))
    use_cases.send(session(), amendment_id, on_paper=SendForm().fields_on_paper(), **freezing())
    flash("L’avenant est parti : les invitations à signer sont envoyées.")
    return redirect(url_for("school.amendment", amendment_id=amendment_id))


@bp.post(f"{AMENDMENT}/retirer")
@requires(Permission.CONVENTION_SEND)
def withdraw_amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw a sent amendment."""
    use_cases.withdraw(session(), amendment_id, acting_as("establishment"), now())
    flash("L’avenant est retiré de la signature : la convention reste telle qu’elle est signée.")
    return redirect(url_for("school.amendment", amendment_id=amendment_id))


@bp.post(f"{AMENDMENT}/abandonner")
@requires(Permission.CONVENTION_WRITE)
def abandon_amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Delete a draft."""
    convention_id = queries.get(session(), amendment_id).convention_id
    use_cases.abandon(session(), amendment_id)
    flash("Le brouillon de l’avenant est abandonné.")
    return redirect(url_for("school.convention", convention_id=convention_id))
