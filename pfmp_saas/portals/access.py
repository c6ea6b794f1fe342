"""Signing in and out: a password for staff, an e-mailed link for the others. No account is ever revealed."""

import re

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from pfmp_saas.accounts import errors, factors, passkeys, pending, queries, sessions, use_cases
from pfmp_saas.accounts.forms import LinkForm, SecondForm, SignInForm
from pfmp_saas.accounts.models import Account, PendingSignIn
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.forms import unsent
from pfmp_saas.core.permissions import Permission, public, requires
from pfmp_saas.core.roles import LABELS, OFFICE, Role
from pfmp_saas.portals.context import enter as enter_as
from pfmp_saas.portals.context import means, now, session, settings, signed_in
from pfmp_saas.portals.kept import LEFT_BY, waiting_page
from pfmp_saas.portals.limits import (
    HALF,
    by_account,
    by_half_sign_in,
    by_token,
    failures_by_address,
    limiter,
    too_many_guesses,
)

bp = Blueprint("access", __name__)
TOO_LATE = "Cette connexion a expiré. Recommencez depuis le début."
TOO_MANY = "Trop de réponses fausses. Recommencez depuis le début."
_OUR_PATH = re.compile(r"/(?!/)[A-Za-z0-9/_.~?=&#-]*")


@bp.get("/")
@public("the front door")
def front() -> ResponseReturnValue:
    """Show what the service is and its two ways in."""
    return render_template("portals/access/front.html", demo=settings().demo, contact=settings().contact)


@bp.get("/connexion")
@public("whoever signs in is not signed in yet")
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page."""
    return _sign_in_page(SignInForm(data={"next": _safe(request.args.get("next"))}))


def _sign_in_page(form: SignInForm, sent: LinkForm | None = None) -> str:
    link = sent or unsent(LinkForm)
    link.email.id = "link-email"  # the page has another address to type
    return render_template("portals/access/sign_in.html", form=form, link=link)


@bp.post("/connexion")
@public("whoever signs in is not signed in yet")
@by_account("10 per 15 minutes", failures=True)
@failures_by_address()
def enter() -> ResponseReturnValue:
    """Sign in with an address and a password."""
    form = SignInForm()
    try:
        account = use_cases.sign_in(session(), form.email.data or "", form.password.data or "")
    except DomainError as error:
        form.password.errors = [error.message]
        return _sign_in_page(form), error.status
    return _welcome(account, _safe(form.next.data))


def _sign_in_again(message: str, destination: str) -> str:
    form = SignInForm(formdata=None, data={"next": destination})
    form.refusal = message
    return _sign_in_page(form)


@bp.get("/connexion/suite")
@public("the cookie holds the secret of a sign-in whose first half was good")
def second() -> ResponseReturnValue:
    """Ask for the second factor of a sign-in."""
    found = _half_signed_in()
    return _second(*found, SecondForm()) if found else redirect(url_for("access.sign_in"))


@bp.post("/connexion/suite")
@public("the cookie holds the secret of a sign-in whose first half was good")
@by_half_sign_in("10 per 15 minutes; 30 per day")
@failures_by_address()
def finish() -> ResponseReturnValue:
    """Sign in, where the second factor answers rightly."""
    found = _half_signed_in()
    if found is None:
        return _sign_in_again(TOO_LATE, "/accueil"), 422
    (account, half), form = found, SecondForm()
    if factors.accept(session(), account, form.answer(), half.challenge, means()):
        pending.end(session(), half)
        cookie.pop(HALF, None)
        enter_as(account)
        return redirect(half.next_path)
    if not pending.failed(session(), half):
        cookie.pop(HALF, None)
        return _sign_in_again(TOO_MANY, half.next_path), 422
    form.refuse(errors.WrongAnswer())
    return _second(account, half, form), 422


def _half_signed_in() -> tuple[Account, PendingSignIn] | None:
    secret = (cookie.get(HALF) or {}).get("secret", "")
    return pending.open_one(session(), secret, now())


def _second(account: Account, half: PendingSignIn, form: SecondForm) -> str:
    options, here = None, means().site
    if here and passkeys.of_account(session(), account.id):
        half.challenge = passkeys.new_challenge()
        options = passkeys.request_options(session(), account.id, here, half.challenge)
    return render_template("portals/access/second.html", form=form, options=options)


@bp.post("/connexion/lien")
@public("whoever signs in is not signed in yet")
@by_account("3 per 10 minutes")
@limiter.limit("120 per minute")
def ask_link() -> ResponseReturnValue:
    """Mail a sign-in link; the answer is the same whether the address is known or not."""
    form = LinkForm()
    if not form.validate():
        return _sign_in_page(SignInForm(formdata=None), form), 422
    use_cases.ask_link(session(), form.email.data or "", now())
    return render_template("portals/access/link_sent.html")


@bp.get("/entree/<token>")
@public("the link is the key; opening it changes nothing")
@by_token("60 per minute")
def show_link(token: str) -> ResponseReturnValue:
    """Show the button that uses a sign-in link: mail scanners follow links, they press no button."""
    try:
        use_cases.peek_link(session(), token, now())
    except DomainError as error:
        return _gone(error)
    return render_template("portals/access/link.html", token=token)


@bp.post("/entree/<token>")
@public("the link is the key")
@by_token("20 per minute")
def use_link(token: str) -> ResponseReturnValue:
    """Use a sign-in link, once."""
    try:
        account, destination = use_cases.use_link(session(), token, now())
    except DomainError as error:
        return _gone(error)
    return _welcome(account, destination)


def _gone(error: DomainError) -> tuple[str, int]:
    gone = (
        render_template("portals/access/link_gone.html", message=error.message, form=unsent(LinkForm)),
        error.status,
    )
    return (too_many_guesses() if isinstance(error, errors.UnknownLink) else None) or gone


@bp.post("/deconnexion")
@public("leaving is always allowed")
def leave() -> ResponseReturnValue:
    """Sign out."""
    if current_user.is_authenticated:
        sessions.end(session(), signed_in().account_id, signed_in().session_id, now())
        cookie[LEFT_BY] = signed_in().secret  # opens nothing any more: it says whose the other tabs were
    logout_user()
    flash("Vous êtes déconnecté.")
    return redirect(url_for("access.front"))


@bp.get("/accueil")
@requires(Permission.SIGNED_IN)
def home() -> ResponseReturnValue:
    """Redirect to the signed-in person's only space, or show the choice when there are several."""
    spaces = [
        space for place in queries.places(session(), signed_in().account_id) for space in _spaces(place)
    ]
    if signed_in().operator:
        spaces.append(
            {
                "url": url_for("platform.overview"),
                "title": "Plateforme",
                "place": "PFMP",
                "roles": LABELS[Role.OPERATOR],
            }
        )
    doors = {space["url"]: space for space in reversed(spaces)}
    if len(doors) == 1:
        return redirect(spaces[0]["url"])
    return render_template("portals/access/home.html", doors=reversed(doors.values()))


_SPACES: dict[str, tuple[frozenset[Role], str]] = {
    "school.today": (OFFICE, "Espace établissement"),
    "teacher.dashboard": (frozenset({Role.REFERENT}), "Espace enseignant référent"),
    "family.dashboard": (frozenset({Role.STUDENT, Role.GUARDIAN}), "Espace élève et famille"),
    "company.inbox": (frozenset({Role.HOST_REPRESENTATIVE, Role.TUTOR}), "Espace organisme d’accueil"),
}


def _spaces(place: queries.Place) -> list[dict[str, str]]:
    spaces = []
    for endpoint, (roles, title) in _SPACES.items():
        granted = place.roles & roles
        if granted and endpoint in current_app.view_functions:
            crossing = endpoint in ("company.inbox", "family.dashboard")
            url = url_for(endpoint) if crossing else url_for(endpoint, uai=place.uai)
            names = ", ".join(sorted(LABELS[role] for role in granted))
            spaces.append({"url": url, "title": title, "place": place.name, "roles": names})
    return spaces


def _welcome(account: Account, destination: str) -> ResponseReturnValue:
    """Sign a person in, or ask for the second factor first where there is one."""
    destination = waiting_page(account.id) or destination
    if factors.held(session(), account.id):
        cookie[HALF] = {
            "secret": pending.begin(session(), account, destination, now()),
            "account": str(account.id),
        }
        return redirect(url_for("access.second"))
    enter_as(account)
    return redirect(destination)


def _safe(path: str | None) -> str:
    """Return a path of ours, never another site's: browsers drop tabs and newlines, and take « \\ » for « / »."""
    if path and _OUR_PATH.fullmatch(path):
        return path
    return "/accueil"
