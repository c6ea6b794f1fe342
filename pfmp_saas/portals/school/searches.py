"""The search for placements, seen by the school: a class's pupils without a host, one pupil's log, the printed sheet."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.campaigns import queries as campaigns
from pfmp_saas.core.dates import span
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.documents.class_sheet import Card, render_class_sheet
from pfmp_saas.portals.context import now, place, session, signed_in, today
from pfmp_saas.portals.files import shown_file
from pfmp_saas.portals.filters import counted
from pfmp_saas.portals.refusals import Page, or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.search_links import link_of
from pfmp_saas.searches import queries, use_cases
from pfmp_saas.searches.errors import SearchOver
from pfmp_saas.searches.forms import OfferForm, offer_form
from pfmp_saas.searches.queries import FreePlaces, Search

CLASS = "/<uai>/campagnes/<uuid:campaign_id>"
SEARCH = "/<uai>/recherches/<uuid:convention_id>"
_WORDS = "Notez ici vos appels, vos rendez-vous, et l’entreprise qui dit oui. Visez le carré avec l’appareil photo du téléphone."


@bp.get(f"{CLASS}/recherches")
@requires(Permission.CONVENTION_READ)
def searches(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Show the pupils of a campaign who have no host yet: what waits for the school first, then who has not begun."""
    row = campaigns.get(session(), campaign_id)
    found = queries.of_class(session(), campaign_id, today())
    return render_template("portals/school/searches.html", campaign=row, found=found, day=today())


@bp.get("/<uai>/recherches")
@requires(Permission.CONVENTION_READ)
def asked_searches() -> ResponseReturnValue:
    """List the pupils who asked for help and have no offer yet."""
    return render_template(
        "portals/school/searches.html", campaign=None, found=queries.asked(session()), day=today()
    )


@bp.get(f"{CLASS}/feuille.pdf")
@requires(Permission.CONVENTION_WRITE)
def class_sheet(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Give the printed sheet of a class: a QR for each pupil without a host."""
    row = campaigns.get(session(), campaign_id)
    dates = span(row.starts_on, row.ends_on)
    cards = [
        Card(
            search.convention.student_name,
            f"{row.class_name} · {dates}",
            _WORDS,
            link_of(search.convention.id),
        )
        for search in queries.of_class(session(), campaign_id, today())
    ]
    if not cards:
        return redirect(url_for("school.searches", campaign_id=campaign_id))
    title = f"Carnets de recherche, {row.class_name}"
    lead = f"{counted(len(cards), 'élève cherche', 'élèves cherchent')} pour la période {dates}. À découper."
    return shown_file(render_class_sheet(title, lead, place().name, cards), f"recherche-{row.class_name}.pdf")


@bp.get(SEARCH)
@requires(Permission.CONVENTION_READ)
def search(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show one pupil's log, free places at known hosts of the trade, and the form of an offer."""
    try:
        return _page(convention_id)
    except SearchOver:
        return redirect(url_for("school.convention", convention_id=convention_id))


def _page(convention_id: uuid.UUID, sent: OfferForm | None = None) -> str:
    found = queries.of(session(), convention_id)
    places = queries.free_places(session(), found.convention)
    return _shown(found, places, sent or _form(places))


def _shown(found: Search, places: list[FreePlaces], form: OfferForm) -> str:
    return render_template(
        "portals/school/search.html",
        search=found,
        places=places,
        form=form,
        day=today(),
        link=link_of(found.convention.id),
    )


def _form(places: list[FreePlaces]) -> OfferForm:
    shown = [
        (each.host.name, f"{each.host.name} ({counted(each.free, 'place libre', 'places libres')})")
        for each in places
    ]
    return offer_form(shown)


def _not_offered(error: DomainError, convention_id: uuid.UUID) -> Page:
    if isinstance(error, SearchOver):
        raise error
    form = _form(queries.free_places(session(), queries.of(session(), convention_id).convention))
    form.refuse(error)
    return _page(convention_id, form)


@bp.post(SEARCH)
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_offered)
def offer_host(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Store what the school offers, and write it to the pupil."""
    found = queries.of(session(), convention_id)
    places = queries.free_places(session(), found.convention)
    form = _form(places)
    if not form.validate_on_submit():
        return _shown(found, places, form), 422
    use_cases.offer(
        session(),
        convention_id,
        form.step(),
        by=signed_in().account_id,
        link=link_of(convention_id),
        today=today(),
        now=now(),
    )
    flash("La proposition est gardée avec sa date, et l’élève la lit dans son carnet.")
    return redirect(url_for("school.search", convention_id=convention_id))


@bp.post(f"{SEARCH}/reprendre")
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_offered)
def take_up_found(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Fill the draft with the host that the pupil found."""
    use_cases.take_up(session(), convention_id, signed_in().account_id)
    flash("L’organisme et le tuteur sont repris. Vérifiez-les.")
    return redirect(url_for("school.edit", convention_id=convention_id, step="entreprise"))
