"""Drafting a convention: the choice of the student, then a form in steps, saved at each."""

import json
import uuid
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import queries as people
from pfmp_saas.conventions import forms, judging, queries, staff, use_cases
from pfmp_saas.conventions.filling import weeks_apart
from pfmp_saas.conventions.forms import HostForm, StudentForm
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.reuse import declared_for, known_hosts
from pfmp_saas.conventions.steps import steps_of
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.law.reader import Reader
from pfmp_saas.law.repair import Repair
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.limits import limiter
from pfmp_saas.portals.live_findings import MEND, beside, findings_or_reason
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.school.pupils import pupils_shown
from pfmp_saas.types.revisions.use_cases import type_of


@bp.get("/<uai>/conventions/nouvelle")
@requires(Permission.CONVENTION_WRITE)
def choose() -> ResponseReturnValue:
    """Choose the student of a new convention."""
    return render_template("portals/school/new.html", **pupils_shown())


@bp.post("/<uai>/conventions/nouvelle")
@requires(Permission.CONVENTION_WRITE)
def create() -> ResponseReturnValue:
    """Open the draft."""
    student_id = StudentForm(()).chosen()
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
    """Save what could be read of one step, merged with what others saved since; show the rest again with the reason."""
    row, page, form = _saved(convention_id, step, left=True)
    if form.wrong:
        return _page(row, page, form), 409 if form.conflicts else 422
    if form.vers.data == MEND:
        return _mended(row, step)
    if form.filled and form.vers.data not in (*steps(row), "convention"):
        return redirect(url_for("school.edit", convention_id=row.id, step=step, _anchor="semaine"))
    return redirect(_onward(row, step, form.vers.data))


@bp.post(f"{CONVENTION}/etape/<step>/enregistrer")
@requires(Permission.CONVENTION_WRITE)
@limiter.limit("120 per minute")
def save_as_typed(convention_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Save the step while one types, and show it with the law's findings: what the page's script calls."""
    return _page(*_saved(convention_id, step), at=now())


def _mended(row: Convention, step: str) -> ResponseReturnValue:
    """Put the nearest lawful timetable in the place of the saved one."""
    found = judging.mended(session(), row, findings_or_reason(judging.findings, row)[0])
    if isinstance(found, Repair):
        changes = {"timetable": found.timetable, "days": found.days}
        use_cases.save(session(), row.id, changes, signed_in().account_id)
        flash("Les horaires sont corrigés : relisez-les.")
    return redirect(url_for("school.edit", convention_id=row.id, step=step))


def _saved(
    convention_id: uuid.UUID, slug: str, *, left: bool = False
) -> tuple[Convention, forms.Step, forms.StepForm]:
    """Save what a step's form holds over the draft as it is now, under lock; return the draft, the step, the form.

    Hours written once for several days go into them when the page is ``left``, not while one types.
    """
    row = use_cases.draft(session(), convention_id)
    page = _step(row, slug)
    sent = _form(row, page)
    written = forms.written_once(sent, row.data) if left else {}
    form = forms.over(sent, lambda texts: _form(row, page, formdata=texts), written)
    values = forms.read(form, page, row.data)
    changes = forms.merge(row.data, values)
    if any(row.data.get(name) != value for name, value in changes.items()):
        row = use_cases.save(session(), convention_id, changes, signed_in().account_id)
    return row, page, form


def _onward(row: Convention, slug: str, chosen: str | None) -> str:
    """Return where a saved step leads: the step that was chosen, else the next, else the convention."""
    order = list(steps(row))
    following = chosen if chosen in order else next(iter(order[order.index(slug) + 1 :]), None)
    if following is None or chosen == "convention":
        return url_for("school.convention", convention_id=row.id)
    return url_for("school.edit", convention_id=row.id, step=following)


def steps(row: Convention) -> dict[str, forms.Step]:
    """Return the steps that the convention's type asks."""
    return steps_of(type_of(session(), row))


def _step(row: Convention, slug: str) -> forms.Step:
    try:
        return steps(row)[slug]
    except KeyError:
        raise NotFound from None


def _form(row: Convention, step: forms.Step, **more: Any) -> forms.StepForm:
    present = (row.data.get("referent") or {}).get("email") or ""
    return forms.step_form(step, row.data, staff.choices(session(), present), **more)


def _page(row: Convention, step: forms.Step, form: forms.StepForm, at: datetime | None = None) -> str:
    """Show a step; ``at`` is when it was just saved, ``seen`` what its page shows of the draft as it is now."""
    findings, unreadable = findings_or_reason(judging.findings, row)
    hosts = known_hosts(session()) if step.slug == "entreprise" else ()
    return render_template(
        "portals/school/step.html",
        row=row,
        step=step,
        steps=steps(row).values(),
        form=form,
        seen=json.dumps({**_form(row, step, formdata=None).texts(), **form.merge.bases}, ensure_ascii=False),
        saved_at=at,
        saved_by=_name_of(row.saved_by) if form.conflicts else "",
        hosts=hosts,
        declared=declared_for(session(), row) if step.slug == "securite" else None,
        taking=HostForm(hosts),
        days=forms.DAY_NAMES,
        halves=forms.HALVES,
        totals=form.totals(row.data) if step.slug == "horaires" else {},
        weeks_apart=_weeks_apart(row) if step.slug == "horaires" else (),
        findings=findings,
        unreadable=unreadable,
        beside=beside(findings, step),
        mended=judging.mended(session(), row, findings) if step.slug == "horaires" else None,
    )


def _weeks_apart(row: Convention) -> list[tuple[date, str]]:
    try:
        return weeks_apart(Reader(row.data).presence)
    except InvalidData:
        return []


def _name_of(account_id: uuid.UUID | None) -> str:
    return people.name_here(session(), account_id) if account_id else ""
