"""Nothing typed is lost: what was sent when the session or the form's token was over comes back in its form."""

import uuid
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from pfmp_saas.accounts import kept
from pfmp_saas.core.forms import SENT_BEFORE
from pfmp_saas.portals.context import now, session, settings, signed_in

COMES_BACK = "Ce que vous aviez saisi est revenu dans le formulaire. Vérifiez, puis enregistrez."
SESSION_OVER = "Votre session était finie. Ce que vous aviez saisi est gardé : connectez-vous, il reviendra."
AGAIN = "repris"
"""The parameter of a page's address that asks for what was kept."""
OPENED_BY, LEFT_BY = "_user_id", "left_by"
"""Where the signed cookie keeps a session's secret: Flask-Login's while it is open, ours once one has left."""


def install(app: Flask) -> None:
    """Show what was kept, in the page that it was typed for."""
    app.before_request(_bring_back)


def session_is_over() -> ResponseReturnValue:
    """Answer a request that needs a session, and has none: to sign in, and back to its page with what it had sent."""
    page = _page() if request.method == "POST" else request.path
    if request.method == "POST" and page and _keep(_owner(), page):
        flash(SESSION_OVER)
    return redirect(url_for("access.sign_in", next=page))


def token_is_over() -> ResponseReturnValue | None:
    """Answer a form whose token is over: its page again, as typed. None for who is not signed in, or sent nothing."""
    page = _page()
    if not current_user.is_authenticated or page is None or not _keep(signed_in().account_id, page):
        return None
    flash("Le formulaire avait expiré : rien n’est perdu.")
    return redirect(again(page))


def waiting_page(account_id: uuid.UUID) -> str | None:
    """Return the address of the page that waits with what a person had typed, None where nothing does."""
    page = kept.path_of(session(), account_id, now())
    return again(page) if page else None


def again(page: str) -> str:
    """Return a page's address that asks for what was kept."""
    return f"{page}?{AGAIN}=1"


def _owner() -> uuid.UUID | None:
    secret = cookie.get(OPENED_BY) or cookie.get(LEFT_BY)
    return kept.owner_of(session(), secret) if secret else None


def _keep(owner: uuid.UUID | None, page: str) -> bool:
    typed = request.form.to_dict(flat=False)
    key = settings().key_encryption_key
    return owner is not None and kept.keep(session(), owner, page, typed, key, now())


def _page() -> str | None:
    """Return the page of the form that was sent: its own address where that can be read, else the one it came from."""
    came_from = urlsplit(request.referrer or "").path
    return next((path for path in (request.path, came_from) if path and _readable(path)), None)


def _readable(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


def _bring_back() -> None:
    if request.method != "GET" or AGAIN not in request.args or not current_user.is_authenticated:
        return
    key = settings().key_encryption_key
    typed = kept.typed_for(session(), signed_in().account_id, request.path, key, now())
    if typed is not None:
        setattr(g, SENT_BEFORE, MultiDict(typed))
        flash(COMES_BACK)
