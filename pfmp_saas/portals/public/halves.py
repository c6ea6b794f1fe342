"""The host's half, behind a link: its own part of a draft, page by page, saved as one types, then sent to the school."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import forms, judging
from pfmp_saas.conventions.forms import StepForm
from pfmp_saas.conventions.steps import Step
from pfmp_saas.conventions.use_cases import as_typed
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import public
from pfmp_saas.halves import queries, use_cases
from pfmp_saas.halves.asked import pages_of
from pfmp_saas.halves.queries import Half
from pfmp_saas.law.checks import Finding
from pfmp_saas.law.repair import Repair
from pfmp_saas.portals.context import now, session, uai
from pfmp_saas.portals.half_links import HALF
from pfmp_saas.portals.limits import by_token, slow_guessing
from pfmp_saas.portals.live_findings import GENERAL, MEND, beside, findings_or_reason
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.seals import opened
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.revisions.use_cases import type_of

bp = Blueprint("halves", __name__, url_prefix="/accueil")
WHY = "the link mailed to a host is the key to its own part of one draft, and to nothing else"
LINK = "/<uai>/<token>"
SENT = "envoyer"


class UnknownHalf(NotFound):
    """No host's half has this link."""

    sentence = "Ce lien est inconnu, ou un autre l’a remplacé. Demandez-en un nouveau à l’établissement."


bp.register_error_handler(UnknownHalf, slow_guessing)


def _over(_error: DomainError, *_args: Any, **_more: Any) -> tuple[str, int]:
    """Show that there is nothing left to fill. The school was entered by the address."""
    return render_template("portals/public/half_over.html", school=tenants.by_uai(session(), uai())), 410


def _enter(token: str, *, locked: bool = False) -> Half:
    """Enter the school of the address and return the half of the link. Raises UnknownHalf, HalfOver."""
    half_id = opened(HALF, token, uai())
    if half_id is None:
        raise UnknownHalf
    try:
        enter_tenant(session(), tenants.by_uai(session(), uai()).id)
        find = use_cases.open_locked if locked else queries.open_half
        return find(session(), half_id)
    except NotFound:
        raise UnknownHalf from None


def _pages(half: Half) -> dict[str, Step]:
    return pages_of(type_of(session(), half.convention))


def _page_of(half: Half, slug: str) -> Step:
    try:
        return _pages(half)[slug]
    except KeyError:
        raise NotFound from None


@bp.get(LINK)
@public(WHY)
@by_token("120 per minute")
@or_show(_over)
def begin(token: str) -> ResponseReturnValue:
    """Show what is asked, of whom, and the way to the first page."""
    half = _enter(token)
    pages = list(_pages(half).values())
    return render_template(
        "portals/public/half_begin.html", half=half, school=tenants.here(session()), token=token, pages=pages
    )


@bp.get(f"{LINK}/<step>")
@public(WHY)
@by_token("120 per minute")
@or_show(_over)
def fill(token: str, step: str) -> ResponseReturnValue:
    """Show one page."""
    half = _enter(token)
    page = _page_of(half, step)
    return _show(half, page, _form(half, page), token)


@bp.post(f"{LINK}/<step>")
@public(WHY)
@by_token("60 per minute")
@or_show(_over)
def save(token: str, step: str) -> ResponseReturnValue:
    """Save one page; go on to the next, or send all of it to the school."""
    half, page, form = _saved(token, step, left=True)
    if form.wrong:
        return _show(half, page, form, token), 409 if form.conflicts else 422
    if form.vers.data == MEND:
        return _mended(half, step, token)
    if form.vers.data == SENT:
        use_cases.answer(session(), half.row.id, now())
        return redirect(url_for("halves.done", token=token))
    order = list(_pages(half))
    chosen = form.vers.data if form.vers.data in order else None
    stays = form.filled and chosen is None
    following = order[min(order.index(step) + 1, len(order) - 1)]
    return redirect(url_for("halves.fill", token=token, step=step if stays else chosen or following))


@bp.post(f"{LINK}/<step>/enregistrer")
@public(WHY)
@by_token("240 per minute")
@or_show(_over)
def save_as_typed(token: str, step: str) -> ResponseReturnValue:
    """Save the page while one types, and show it with what the law says: what the page's script calls."""
    return _show(*_saved(token, step), token, at=now())


@bp.get(f"{LINK}/fini")
@public(WHY)
@by_token("120 per minute")
@or_show(_over)
def done(token: str) -> ResponseReturnValue:
    """Say that the school has the answers, and what follows."""
    half = _enter(token)
    first = next(iter(_pages(half)))
    return render_template(
        "portals/public/half_done.html", half=half, school=tenants.here(session()), token=token, first=first
    )


def _mended(half: Half, step: str, token: str) -> ResponseReturnValue:
    """Put the nearest lawful timetable in the place of what was typed."""
    found = _nearest(half)
    if isinstance(found, Repair):
        use_cases.keep(session(), half, {"timetable": found.timetable, "days": found.days}, now())
        flash("Les horaires sont corrigés : relisez-les.")
    return redirect(url_for("halves.fill", token=token, step=step))


def _nearest(half: Half) -> Repair | str | None:
    typed = as_typed(half.convention, half.data)
    return judging.mended(session(), typed, findings_or_reason(judging.findings, typed)[0])


def _saved(token: str, slug: str, *, left: bool = False) -> tuple[Half, Step, StepForm]:
    """Save what a page holds over the half as it is now, under lock; hours written once go in when the page is ``left``."""
    half = _enter(token, locked=True)
    page = _page_of(half, slug)
    sent, data = _form(half, page), half.data
    written = forms.written_once(sent, data) if left else {}
    form = forms.over(sent, lambda texts: _form(half, page, formdata=texts), written)
    use_cases.keep(session(), half, forms.read(form, page, data), now())
    return half, page, form


def _form(half: Half, page: Step, **more: Any) -> StepForm:
    return forms.step_form(page, half.data, (), **more)


def _findings(half: Half, page: Step) -> Mapping[str, list[Finding]]:
    """Return what the law says of this page with the host's answers: beside its own fields, never of another's part."""
    typed = as_typed(half.convention, half.data)
    placed = beside(findings_or_reason(judging.findings, typed)[0], page)
    return {place: found for place, found in placed.items() if place != GENERAL or page.slug == "horaires"}


def _show(half: Half, page: Step, form: StepForm, token: str, at: datetime | None = None) -> str:
    shown = {**_form(half, page, formdata=None).texts(), **form.merge.bases}
    return render_template(
        "portals/public/half.html",
        half=half,
        school=tenants.here(session()),
        token=token,
        step=page,
        pages=list(_pages(half).values()),
        form=form,
        seen=json.dumps(shown, ensure_ascii=False),
        saved_at=at,
        days=forms.DAY_NAMES,
        halves=forms.HALVES,
        totals=form.totals(half.data) if page.slug == "horaires" else {},
        beside=_findings(half, page),
        mended=_nearest(half) if page.slug == "horaires" else None,
    )
