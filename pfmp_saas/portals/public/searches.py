"""A pupil's log of calls, behind the QR of the printed sheet: what was tried, who agreed, help asked of the school."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.fields import identifier
from pfmp_saas.core.forms import Form, unsent
from pfmp_saas.core.permissions import public
from pfmp_saas.portals.context import now, session, uai
from pfmp_saas.portals.limits import by_token, slow_guessing
from pfmp_saas.portals.refusals import Page, or_show
from pfmp_saas.portals.seals import opened
from pfmp_saas.portals.search_links import SEARCH
from pfmp_saas.searches import queries, use_cases
from pfmp_saas.searches.errors import SearchOver
from pfmp_saas.searches.forms import FoundForm, HelpForm, StepForm, TriedForm
from pfmp_saas.tenants import queries as tenants

bp = Blueprint("searches", __name__, url_prefix="/recherche")
WHY = "the link of the printed sheet is the key to one pupil's log of calls, and to nothing else"
LINK = "/<uai>/<token>"


class UnknownSearch(NotFound):
    """No search has this link."""

    sentence = "Ce lien est inconnu. Demandez une nouvelle feuille à votre établissement."


bp.register_error_handler(UnknownSearch, slow_guessing)


@bp.get(LINK)
@public(WHY)
@by_token("120 per minute")
def show(token: str) -> ResponseReturnValue:
    """Show the log and its forms; say that the search is over once the convention has left."""
    return _page(token)


def _page(token: str, sent: Form | None = None) -> tuple[str, int]:
    convention_id = _enter(token)
    try:
        search = queries.of(session(), convention_id)
    except SearchOver as over:
        return render_template("portals/public/search_over.html", message=over.message), 410
    forms: dict[str, Any] = {
        name: sent if isinstance(sent, form) else unsent(form)
        for name, form in (("tried", TriedForm), ("found", FoundForm), ("asked", HelpForm))
    }
    for name, form in forms.items():  # three forms on one page: no two fields share an identifier
        for field in form:
            if field.name != "csrf_token":
                field.id = f"{name}-{field.name}"
    school = tenants.here(session())
    html = render_template("portals/public/search.html", search=search, school=school, token=token, **forms)
    return html, 422 if sent else 200


def _enter(token: str) -> uuid.UUID:
    """Enter the school of the address and return the draft of the link; raises UnknownSearch."""
    convention_id = opened(SEARCH, token)
    if convention_id is None:
        raise UnknownSearch
    try:
        enter_tenant(session(), tenants.by_uai(session(), uai()).id)
        queries.of(session(), convention_id)
    except SearchOver:
        pass
    except NotFound:
        raise UnknownSearch from None
    return convention_id


def _refused(error: DomainError, token: str) -> Page:
    if isinstance(error, SearchOver):
        return _page(token)
    form = TriedForm()
    form.refuse(error)
    return _page(token, form)[0]


def _note(token: str, made: Callable[[], TriedForm | FoundForm | HelpForm], said: str) -> ResponseReturnValue:
    convention_id, form = _enter(token), made()
    if not form.validate_on_submit():
        return _page(token, form)
    use_cases.note(
        session(), convention_id, form.step(), by=None, today=tenants.today(session(), now()), now=now()
    )
    flash(said)
    return redirect(url_for("searches.show", token=token))


@bp.post(LINK)
@public(WHY)
@by_token("30 per minute")
@or_show(_refused)
def tried(token: str) -> ResponseReturnValue:
    """Note a firm that was asked."""
    return _note(token, TriedForm, "C’est noté.")


@bp.post(f"{LINK}/accord")
@public(WHY)
@by_token("30 per minute")
@or_show(_refused)
def found(token: str) -> ResponseReturnValue:
    """Note the host that agreed."""
    return _note(token, FoundForm, "Bravo ! Votre établissement le voit et prépare la convention.")


@bp.post(f"{LINK}/aide")
@public(WHY)
@by_token("10 per minute")
@or_show(_refused)
def help_asked(token: str) -> ResponseReturnValue:
    """Ask the school for help."""
    return _note(
        token, HelpForm, "Votre demande est enregistrée, avec sa date : l’établissement vous répond ici."
    )


@bp.post(f"{LINK}/effacer")
@public(WHY)
@by_token("30 per minute")
@or_show(_refused)
def take_back(token: str) -> ResponseReturnValue:
    """Take back a step that the pupil noted."""
    convention_id = _enter(token)
    step = identifier(StepForm().step)
    if step is None:
        raise UnknownSearch
    use_cases.take_back(session(), convention_id, step)
    flash("La ligne est effacée.")
    return redirect(url_for("searches.show", token=token))
