"""Signing in and out: a password for staff, an e-mailed link for the others. No account is ever revealed."""

import re

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from pfmp_saas.accounts import errors, queries, sessions, use_cases
from pfmp_saas.accounts.models import Account
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, public, requires
from pfmp_saas.core.roles import LABELS, OFFICE, Role
from pfmp_saas.portals.context import enter as enter_as
from pfmp_saas.portals.context import now, session, settings, signed_in
from pfmp_saas.portals.limits import by_account, by_token, failures_by_address, limiter, too_many_guesses

bp = Blueprint("access", __name__)
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
    return render_template("portals/access/sign_in.html", next=_safe(request.args.get("next")))


@bp.post("/connexion")
@public("whoever signs in is not signed in yet")
@by_account("10 per 15 minutes", failures=True)
@failures_by_address()
def enter() -> ResponseReturnValue:
    """Sign in with an address and a password."""
    email, destination = request.form.get("email", ""), _safe(request.form.get("next"))
    try:
        account = use_cases.sign_in(session(), email, request.form.get("password", ""))
    except DomainError as error:
        page = render_template(
            "portals/access/sign_in.html", email=email, error=error.message, next=destination
        )
        return page, error.status
    return _welcome(account, destination)


@bp.post("/connexion/lien")
@public("whoever signs in is not signed in yet")
@by_account("3 per 10 minutes")
@limiter.limit("120 per minute")
def ask_link() -> ResponseReturnValue:
    """Mail a sign-in link; the answer is the same whether the address is known or not."""
    use_cases.ask_link(session(), request.form.get("email", "").replace("\0", ""), now())
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
    gone = render_template("portals/access/link_gone.html", message=error.message), error.status
    return (too_many_guesses() if isinstance(error, errors.UnknownLink) else None) or gone


@bp.post("/deconnexion")
@public("leaving is always allowed")
def leave() -> ResponseReturnValue:
    """Sign out."""
    if current_user.is_authenticated:
        sessions.end(session(), signed_in().account_id, signed_in().session_id, now())
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
    if len(spaces) == 1:
        return redirect(spaces[0]["url"])
    return render_template("portals/access/home.html", doors=spaces)


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
            url = url_for(endpoint) if endpoint == "company.inbox" else url_for(endpoint, uai=place.uai)
            names = ", ".join(sorted(LABELS[role] for role in granted))
            spaces.append({"url": url, "title": title, "place": place.name, "roles": names})
    return spaces


def _welcome(account: Account, destination: str) -> ResponseReturnValue:
    enter_as(account)
    return redirect(destination)


def _safe(path: str | None) -> str:
    """Return a path of ours, never another site's: browsers drop tabs and newlines, and take « \\ » for « / »."""
    if path and _OUR_PATH.fullmatch(path):
        return path
    return "/accueil"
