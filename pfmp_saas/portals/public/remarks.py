"""What a signer may say behind the link, instead of signing or before: two fields, and the office is told."""

from collections.abc import Mapping

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import public
from pfmp_saas.portals.context import now, session
from pfmp_saas.portals.limits import by_token
from pfmp_saas.portals.public.ceremony import WHY, bp, page
from pfmp_saas.portals.refusals import Page, or_show
from pfmp_saas.signing import remarks
from pfmp_saas.signing.forms import RemarkForm
from pfmp_saas.signing.links import LinkStatus, resolve_link
from pfmp_saas.signing.states import RemarkKind

ASKED: Mapping[RemarkKind, tuple[str, str, str, str]] = {
    RemarkKind.CORRECTION: (
        "Demander une correction",
        "L’établissement corrige et vous renvoie le document. Rien n’est refusé, rien n’est signé.",
        "Ce qui est faux (horaires, dates, nom, adresse, missions…)",
        "Ce qu’il faut écrire",
    ),
    RemarkKind.SPELLING: (
        "Mon nom est mal écrit",
        "L’établissement le corrige. Vous pouvez signer dès maintenant si le reste est juste.",
        "Votre nom, tel qu’il doit être écrit",
        "Autre précision",
    ),
    RemarkKind.NOT_ME: (
        "Ce n’est pas moi",
        "Ce lien ne signera plus tant que l’établissement n’a pas répondu.",
        "Qui doit signer, si vous le savez",
        "Adresse électronique de cette personne, ou autre précision",
    ),
    RemarkKind.NO_LONGER: (
        "Je n’ai plus cette fonction",
        "Ce lien ne signera plus tant que l’établissement n’a pas répondu.",
        "Qui vous remplace",
        "Son adresse électronique, ou autre précision",
    ),
    RemarkKind.OBJECTION: (
        "Je m’oppose au report de ma signature",
        "Votre signature ne sera pas reportée. L’établissement est prévenu ; vous signerez, ou refuserez, cette version.",
        "Ce qui ne convient pas",
        "Autre précision",
    ),
}
"""By kind: what the button says, what follows, and what the two fields ask."""
_OPEN = frozenset({"good", "signed", "questioned"})


def _kind(what: str) -> RemarkKind:
    if what not in set(RemarkKind):
        raise NotFound
    return RemarkKind(what)


def _form(kind: RemarkKind) -> RemarkForm:
    _, _, about, words = ASKED[kind]
    return RemarkForm((gettext(about), gettext(words)))


def _html(token: str, link: LinkStatus, kind: RemarkKind, form: RemarkForm) -> str:
    title, lead, *_ = ASKED[kind]
    return render_template(
        "portals/public/remark.html",
        token=token,
        link=link,
        form_kind=kind,
        title=gettext(title),
        lead=gettext(lead),
        form=form,
    )


@bp.get("/<token>/dire/<what>")
@public(WHY)
@by_token("60 per minute")
def remark(token: str, what: str) -> ResponseReturnValue:
    """Show the two fields of one kind of remark."""
    link, kind = resolve_link(session(), token, now()), _kind(what)
    return _html(token, link, kind, _form(kind)) if link.state in _OPEN else page(token, link)


def _again(error: DomainError, token: str, what: str) -> Page:
    form = _form(_kind(what))
    form.refuse(DomainError(gettext(error.message), field=error.field))
    return _html(token, resolve_link(session(), token, now()), _kind(what), form)


@bp.post("/<token>/dire/<what>")
@public(WHY)
@by_token("10 per minute")
@or_show(_again)
def tell(token: str, what: str) -> ResponseReturnValue:
    """Store the remark; the office is told by the worker."""
    link, kind = resolve_link(session(), token, now()), _kind(what)
    if link.state not in _OPEN:
        return page(token, link)
    form = _form(kind)
    if not form.validate_on_submit():
        return _html(token, link, kind, form), 422
    remarks.tell(session(), link.signer.id, kind, form.about.data or "", form.words.data or "", now())
    return redirect(url_for("ceremony.told", token=token))


@bp.get("/<token>/dit")
@public(WHY)
@by_token("60 per minute")
def told(token: str) -> ResponseReturnValue:
    """Say that the school was told."""
    return render_template(
        "portals/public/told.html", token=token, link=resolve_link(session(), token, now())
    )


@bp.post("/<token>/reprendre")
@public(WHY)
@by_token("10 per minute")
def take_back(token: str) -> ResponseReturnValue:
    """Take back that one is not the right person."""
    link = resolve_link(session(), token, now())
    if link.state == "questioned":
        remarks.take_back(session(), link.signer.id, now())
    return redirect(url_for("ceremony.show", token=token))


@bp.post("/<token>/ouvert")
@public(WHY)
@by_token("10 per minute")
def opened(token: str) -> ResponseReturnValue:
    """Note that a person touched the page: a script says so at the first key or tap, never a mere reader of links."""
    link = resolve_link(session(), token, now())
    if link.state == "good" and link.signer.opened_at is None:
        remarks.touched(session(), link.signer.id, now())
    return "", 204
