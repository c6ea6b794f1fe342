"""The signing ceremony: a phone page behind a link. Opening it changes nothing; the button signs."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from pfmp_saas.core.errors import Conflict, DomainError
from pfmp_saas.core.forms import unsent
from pfmp_saas.core.permissions import public
from pfmp_saas.portals.context import now, session, settings
from pfmp_saas.portals.files import shown_file
from pfmp_saas.portals.limits import by_token, slow_guessing
from pfmp_saas.portals.party import SAVED_AS, bundle
from pfmp_saas.portals.public.essentials import declarations, essentials
from pfmp_saas.portals.refusals import Page, or_show
from pfmp_saas.signing import batches, codes, queries, texts, use_cases
from pfmp_saas.signing.errors import OtherSession, UnknownLink, WrongCode
from pfmp_saas.signing.forms import RefusalForm, SignForm
from pfmp_saas.signing.links import (
    RENEWED,
    LinkStatus,
    asked_by,
    new_link,
    resolve_link,
    use_link,
    without_signs,
)
from pfmp_saas.signing.links import renew as renew_link

bp = Blueprint("ceremony", __name__, url_prefix="/signer")
bp.register_error_handler(UnknownLink, slow_guessing)
WHY = "the link is the key, and opening it changes nothing"


@bp.get("/<token>", strict_slashes=False)
@public(WHY)
@by_token("120 per minute")
def show(token: str) -> ResponseReturnValue:
    """Show the document to sign, or its outcome once it is closed; lead a link with signs around it to the link."""
    if (secret := without_signs(token)) != token or request.path.endswith("/"):
        return redirect(url_for("ceremony.show", token=secret))
    return page(token, resolve_link(session(), token, now()))


def _not_signed(error: DomainError, token: str) -> Page:
    """Render the page of a refusal: the link no longer signs, the document has changed, or the form is incomplete."""
    link = resolve_link(session(), token, now())
    if link.state != "good":
        return page(token, link)
    if isinstance(error, WrongCode):
        codes.missed(session(), link.signer.id)
    if isinstance(error, Conflict):
        message = gettext(error.message)
        return render_template("portals/public/changed.html", message=message, token=token)
    form = SignForm()
    form.refuse(_in_language(error))
    return _html(token, link, signing=form)


def _in_language(error: DomainError) -> DomainError:
    """Return a refusal in the language of the page."""
    return DomainError(gettext(error.message), field=error.field)


@bp.post("/<token>")
@public(WHY)
@by_token("30 per minute")
@or_show(_not_signed)
def sign(token: str) -> ResponseReturnValue:
    """Record the signature; the form carries the hash of the document that was shown."""
    link = use_link(session(), token, now())
    if link is None:
        return page(token, resolve_link(session(), token, now()))
    form = SignForm()
    if current_user.is_authenticated and form.consent.data and not form.myself.data:
        _same_person(resolve_link(session(), token, now()))
    batches.sign_also(
        session(),
        link.signer_id,
        form.also.raw_data or (),
        shown_hash=form.shown_hash.data or "",
        consent=form.consent.data,
        consent_text=texts.CONSENT,
        authentication=_means(link.signer_id, form),
        kek=settings().key_encryption_key,
        now=now(),
    )
    return redirect(url_for("ceremony.show", token=token))


def _means(signer_id: uuid.UUID, form: SignForm) -> str:
    """Return by what a signer is known: the link, and where the school wants more, the own session or a code. Raises DomainError."""
    if not codes.wanted(session()):
        return texts.BY_LINK
    if current_user.is_authenticated and current_user.email == queries.signer(session(), signer_id).email:
        return texts.BY_SESSION
    if not form.consent.data:
        return texts.BY_LINK  # refused for want of consent: the code is not spent
    return codes.check(session(), signer_id, form.code.data or "", settings().key_encryption_key, now())


@bp.post("/<token>/code")
@public(WHY)
@by_token("10 per hour")
def send_code(token: str) -> ResponseReturnValue:
    """Mail a code to the signer's own address, where the school asks for one."""
    link = resolve_link(session(), token, now())
    if link.state != "good" or not codes.wanted(session()):
        return page(token, link)
    codes.send(session(), link.signer.id, settings().key_encryption_key, now())
    return redirect(url_for("ceremony.show", token=token) + "#code")


def _not_refused(error: DomainError, token: str) -> str:
    form = RefusalForm()
    form.refuse(_in_language(error))
    return _html(token, resolve_link(session(), token, now()), refusing=form)


@bp.post("/<token>/refus")
@public(WHY)
@by_token("30 per minute")
@or_show(_not_refused)
def refuse(token: str) -> ResponseReturnValue:
    """Record a refusal, with the reason that the school will read."""
    link = resolve_link(session(), token, now())
    if link.state != "good":
        return page(token, link)
    reason = RefusalForm().reason.data or ""
    use_cases.refuse(session(), link.signer.id, reason=reason, authentication=texts.BY_LINK, now=now())
    return redirect(url_for("ceremony.show", token=token))


@bp.get("/<token>/document.pdf")
@public(WHY)
@by_token("120 per minute")
def document(token: str) -> ResponseReturnValue:
    """Give the PDF, with the signatures it has so far."""
    link = resolve_link(session(), token, now())
    if not link.opens_file:
        return page(token, link)
    return shown_file(queries.document(session(), link.request), SAVED_AS[link.request.subject_kind])


@bp.get("/<token>/preuve.zip")
@public(WHY)
@by_token("10 per minute")
def proof(token: str) -> ResponseReturnValue:
    """Give the proof bundle once all have signed."""
    link = resolve_link(session(), token, now())
    return bundle(link.request) if link.opens_file else page(token, link)


@bp.post("/<token>/autre")
@public(WHY)
@by_token("10 per minute")
def other_capacity(token: str) -> ResponseReturnValue:
    """Lead who has signed to the next signature asked of the same person on the same document."""
    link = resolve_link(session(), token, now())
    others = queries.same_person(link.signer) if link.state == "signed" else []
    if not others:
        return page(token, link)
    return redirect(url_for("ceremony.show", token=new_link(session(), others[0], now(), days=1)))


@bp.post("/<token>/nouveau")
@public(WHY)
@by_token("3 per minute")
def renew(token: str) -> ResponseReturnValue:
    """Mail a new link to the signer's own address, once a day; the address is never shown."""
    link = resolve_link(session(), token, now())
    if link.state not in RENEWED:
        return page(token, link)
    renew_link(session(), link, settings().base_url, now())
    contact = asked_by(session())["contact"]
    return render_template("portals/public/renewed.html", contact=contact)


def page(token: str, link: LinkStatus) -> tuple[str, int]:
    """Render the link's page; a POST on a link that no longer signs is answered 410."""
    over = not link.opens_file or (link.state != "good" and request.method == "POST")
    return _html(token, link), 410 if over else 200


def _same_person(link: LinkStatus) -> None:
    """Raise OtherSession where somebody else is signed in on this device."""
    if other_person(link):
        raise OtherSession


def other_person(link: LinkStatus) -> str:
    """Return the address of who is signed in on this device where the link is another's, "" otherwise."""
    mine: str = current_user.email if current_user.is_authenticated else ""
    return mine if mine and mine != link.signer.email else ""


def _code_state(link: LinkStatus) -> str:
    """Return what the page says of a code: none is asked, it is still to be mailed, or it was."""
    signed_in = current_user.is_authenticated and current_user.email == link.signer.email
    if link.state != "good" or signed_in or not codes.wanted(session()):
        return ""
    return "sent" if codes.is_sent(link.signer, now()) else "to-send"


def _html(
    token: str, link: LinkStatus, signing: SignForm | None = None, refusing: RefusalForm | None = None
) -> str:
    refusing = refusing or unsent(RefusalForm)
    refusing.reason.label.text = gettext(refusing.reason.label.text)
    signing = signing or unsent(SignForm)
    also = queries.same_person(link.signer) if link.state in ("good", "signed") else []
    signing.also.choices = [(str(each.id), gettext(each.capacity)) for each in also]
    signing.also.label.text = gettext(signing.also.label.text)
    signing.code.label.text = gettext(signing.code.label.text)
    signing.myself.label.text = gettext(signing.myself.label.text)
    return render_template(
        "portals/public/ceremony.html",
        token=token,
        link=link,
        signer=link.signer,
        document_request=link.request,
        school=link.school,
        facts=essentials(session(), link.request) if link.state == "good" else (),
        declared=declarations(session(), link.request, link.signer.field) if link.state == "good" else (),
        contact=asked_by(session())["contact"],
        other=other_person(link),
        also=also,
        code=_code_state(link),
        signing=signing,
        refusing=refusing,
    )
