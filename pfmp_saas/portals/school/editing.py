"""Drafting a convention: the choice of the student, then a form in steps, saved at each."""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import forms, queries, staff, use_cases
from pfmp_saas.conventions.forms import HostForm, StudentForm
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.reuse import known_hosts
from pfmp_saas.conventions.steps import steps_of
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.limits import limiter
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.school.live_findings import beside, findings_or_reason
from pfmp_saas.roster import queries as roster
from pfmp_saas.types.revisions.use_cases import type_of


@bp.get("/<uai>/conventions/nouvelle")
@requires(Permission.CONVENTION_WRITE)
def choose() -> ResponseReturnValue:
    """Choose the student of a new convention."""
    return render_template("portals/school/new.html", form=StudentForm(roster.students(session())))


@bp.post("/<uai>/conventions/nouvelle")
@requires(Permission.CONVENTION_WRITE)
def create() -> ResponseReturnValue:
    """Open the draft."""
    student_id = StudentForm(roster.students(session())).chosen()
    row = use_cases.create_draft(
        session(), student_id=student_id, created_by=signed_in().account_id, now=now()
    )
    return redirect(url_for("school.edit", convention_id=row.id, step="eleve"))


@bp.get(f"{CONVENTION}/etape/<step>")
@requires(Permission.CONVENTION_WRITE)
def edit(convention_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Show one step of the form."""
    row = queries.get(session(), convention_id)
    page = _step(row, step)
    return _page(row, page, _form(row, page))


@bp.post(f"{CONVENTION}/etape/<step>")
@requires(Permission.CONVENTION_WRITE)
def save(convention_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Save the fields of one step that could be read; show the others again with the reason."""
    row = queries.get(session(), convention_id)
    page = _step(row, step)
    form = _form(row, page)
    values = forms.read(form, page, row.data)
    row = use_cases.save(
        session(), convention_id, forms.merge(row.data, values), expected_version=form.draft_version.data
    )
    if form.wrong:
        return _page(row, page, form), 422
    if form.vers.data:
        return redirect(url_for("school.convention", convention_id=convention_id))
    order = list(steps(row))
    following = order[order.index(step) + 1 :]
    if following:
        return redirect(url_for("school.edit", convention_id=convention_id, step=following[0]))
    return redirect(url_for("school.convention", convention_id=convention_id))


@bp.post(f"{CONVENTION}/etape/<step>/verifier")
@requires(Permission.CONVENTION_WRITE)
@limiter.limit("120 per minute")
def verify(convention_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Show the step as typed, with the law's findings, and save nothing. The page's script calls it during typing."""
    row = queries.get(session(), convention_id)
    page = _step(row, step)
    form = _form(row, page)
    typed = use_cases.as_typed(row, forms.merge(row.data, forms.read(form, page, row.data)))
    return _page(typed, page, form)


def steps(row: Convention) -> dict[str, forms.Step]:
    """Return the steps that the convention's type asks."""
    return steps_of(type_of(session(), row))


def _step(row: Convention, slug: str) -> forms.Step:
    try:
        return steps(row)[slug]
    except KeyError:
        raise NotFound from None


def _form(row: Convention, step: forms.Step) -> forms.StepForm:
    present = (row.data.get("referent") or {}).get("email") or ""
    return forms.step_form(step, row.data, row.draft_version, staff.choices(session(), present))


def _page(row: Convention, step: forms.Step, form: forms.StepForm) -> str:
    findings, unreadable = findings_or_reason(use_cases.findings, row)
    hosts = known_hosts(session()) if step.slug == "entreprise" else ()
    return render_template(
        "portals/school/step.html",
        row=row,
        step=step,
        steps=steps(row).values(),
        form=form,
        hosts=hosts,
        taking=HostForm(hosts),
        days=forms.DAY_NAMES,
        halves=forms.HALVES,
        findings=findings,
        unreadable=unreadable,
        beside=beside(findings, step),
    )
