"""The host's half, seen by the school: asking for it, reading the answers, taking them up field by field."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.campaigns import queries as campaigns
from pfmp_saas.campaigns.forms import ChosenForm
from pfmp_saas.conventions import inputs
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.hours import shown_days
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.conventions.steps import Field
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.halves import queries, use_cases
from pfmp_saas.halves.asked import WEEK, fields_of
from pfmp_saas.halves.errors import HalfChanged
from pfmp_saas.halves.forms import AskForm, TakeUpForm
from pfmp_saas.halves.queries import Half
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.filters import counted
from pfmp_saas.portals.half_links import link_of
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.public.essentials import hours_in_words
from pfmp_saas.portals.refusals import Page, or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.types.revisions.use_cases import type_of


@dataclass(frozen=True)
class Answer:
    """One answer of a host: where it goes, what the field is called, what the draft says now, what the host says."""

    path: str
    label: str
    now: str
    said: str


@bp.get("/<uai>/accueil")
@requires(Permission.CONVENTION_WRITE)
def answered_halves() -> ResponseReturnValue:
    """List the hosts that answered and wait for the office."""
    return render_template("portals/school/halves.html", found=queries.answered(session()))


@bp.get(f"{CONVENTION}/accueil")
@requires(Permission.CONVENTION_WRITE)
def half(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show whom the school asked and what came back."""
    return _page(convention_id)


def _page(convention_id: uuid.UUID, sent: AskForm | None = None, wrong: DomainError | None = None) -> str:
    row = conventions.get(session(), convention_id)
    asked = queries.of_convention(session(), convention_id)
    open_half = (
        Half(asked, row) if asked and not asked.taken_at and row.state == ConventionState.DRAFT else None
    )
    whom = asked or use_cases.known_person(row.data)
    known = {"name": whom.name, "email": whom.email} if whom else {}
    if request.args.get("pour") == "derogation":
        known["words"] = _declaration_words(row)
    return render_template(
        "portals/school/half.html",
        row=row,
        asked=asked,
        half=open_half,
        answers=_answers(open_half) if open_half else (),
        link=link_of(asked.id) if open_half and asked else "",
        form=sent or AskForm(formdata=None, data=known),
        wrong=wrong,
    )


def _declaration_words(row: Convention) -> str:
    """Return what asks a host for its declaration of derogation, ready to be sent (labour code, R4153-40 and R4153-41)."""
    listed = [f"D. 4153-{work}" for work in row.data.get("works") or ()]
    return (
        f"La convention prévoit des travaux réglementés ({', '.join(listed)}). Pour un élève mineur, il nous faut la "
        "date à laquelle vous avez adressé votre déclaration de dérogation à l’inspection du travail, les lieux, les "
        "machines et la personne qui encadre. Sans déclaration, il ne peut pas être affecté à ces travaux."
    )


def _answers(found: Half) -> list[Answer]:
    before, after = found.convention.data, found.data
    return [
        Answer(path, field.label, *(_text(field, inputs.present(data, field)) for data in (before, after)))
        for path, field in fields_of(type_of(session(), found.convention)).items()
        if path in found.row.answers
    ]


_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "dated": shown_days,
    "date": lambda value: f"{date.fromisoformat(value):%d/%m/%Y}",
    "yes": lambda _value: "oui",
}


def _text(field: Field, value: Any) -> str:
    """Return a value as a person reads it; an empty text for none."""
    if not value:
        return ""
    if field.path == WEEK:
        return hours_in_words(value)
    if field.kind in _SHOWN:
        return _SHOWN[field.kind](value)
    told = dict(field.options).get(value, value) if field.kind == "choice" else value
    return "\n".join(map(str, told)) if isinstance(told, list) else str(told)


def _not_asked(error: DomainError, convention_id: uuid.UUID) -> Page:
    form = AskForm()
    form.refuse(error)
    return _page(convention_id, form)


@bp.post(f"{CONVENTION}/accueil/demander")
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_asked)
def ask_half(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Write the link to the host."""
    form = AskForm()
    conventions.get(session(), convention_id)
    if not form.validate_on_submit():
        return _page(convention_id, form), 422
    use_cases.ask(session(), convention_id, form.asking(), link=link_of, now=now())
    flash(f"Le lien est écrit à {form.email.data}.")
    return redirect(url_for("school.half", convention_id=convention_id))


@bp.post("/<uai>/campagnes/<uuid:campaign_id>/accueil")
@requires(Permission.CONVENTION_WRITE)
def ask_halves(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Write to the hosts of the ticked drafts of a campaign."""
    known = {line.id for line in campaigns.lines(session(), campaigns.get(session(), campaign_id).id)}
    chosen = [each for each in ChosenForm().chosen() if each in known]
    number = use_cases.ask_known(session(), chosen, link=link_of, now=now())
    flash(
        f"{counted(number, 'organisme prié', 'organismes priés')} de remplir sa partie. "
        "Ceux qui l’étaient déjà, ou dont aucune adresse n’est connue, n’ont rien reçu."
    )
    return redirect(url_for("school.campaign", campaign_id=campaign_id))


def _not_taken(error: DomainError, convention_id: uuid.UUID) -> Page:
    if not isinstance(error, HalfChanged):
        raise error
    return _page(convention_id, wrong=error)


@bp.post(f"{CONVENTION}/accueil/reprendre")
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_taken)
def take_up_half(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Put the ticked answers into the draft."""
    form = TakeUpForm()
    use_cases.take_up(
        session(),
        convention_id,
        form.chosen(),
        mark=form.mark.data or "",
        by=signed_in().account_id,
        now=now(),
    )
    flash("Les réponses cochées sont dans la convention.")
    return redirect(url_for("school.convention", convention_id=convention_id))
