"""The signed-in person's own page: a password, for those who prefer one to links, and the open sessions."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import passwords, queries, sessions, use_cases
from pfmp_saas.accounts.forms import PasswordForm
from pfmp_saas.accounts.models import Account
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.limits import by_person
from pfmp_saas.portals.refusals import or_show

bp = Blueprint("account", __name__, url_prefix="/compte")


@bp.get("")
@requires(Permission.SIGNED_IN)
def page() -> ResponseReturnValue:
    """Show the page."""
    return _page(None)


def _again(error: DomainError) -> str:
    return _page(error)


@bp.post("/mot-de-passe")
@requires(Permission.SIGNED_IN)
@by_person("10 per 15 minutes")
@or_show(_again)
def password() -> ResponseReturnValue:
    """Set the password, once the present one is known; every other session of the person ends."""
    form, account = PasswordForm(), _account()
    present = use_cases.check_present(session(), account.id, form.present.data or "")
    if form.password.data != form.again.data:
        raise DomainError("Les deux saisies diffèrent.", field="again")
    use_cases.set_password(session(), account, form.password.data or "", _own(account), present=present)
    sessions.end_all(session(), account.id, now(), but=signed_in().session_id)
    flash("Mot de passe enregistré. Vos autres sessions sont fermées.")
    return redirect(url_for("access.home"))


@bp.post("/sessions/<uuid:account_session_id>/fermer")
@requires(Permission.SIGNED_IN)
def close(account_session_id: uuid.UUID) -> ResponseReturnValue:
    """Close one of the person's own sessions."""
    sessions.end(session(), signed_in().account_id, account_session_id, now())
    flash("Cette session est fermée.")
    return redirect(url_for("account.page"))


@bp.post("/sessions/fermer")
@requires(Permission.SIGNED_IN)
def close_others() -> ResponseReturnValue:
    """Close every session of the person but the one that asks."""
    sessions.end_all(session(), signed_in().account_id, now(), but=signed_in().session_id)
    flash("Vos autres sessions sont fermées.")
    return redirect(url_for("account.page"))


def _account() -> Account:
    return session().get_one(Account, signed_in().account_id)


def _own(account: Account) -> list[str]:
    """Return what is known of a person, which a password should not repeat: names, schools."""
    places = queries.places(session(), account.id)
    return [text for place in places for text in (place.person, place.name)]


def _page(error: DomainError | None) -> str:
    form = PasswordForm()
    form.password.description = f"Au moins {passwords.MINIMUM_LENGTH} caractères. Quatre mots sans lien entre eux conviennent très bien."
    if error:
        form.refuse(error)
    return render_template(
        "portals/access/account.html",
        form=form,
        has_password=use_cases.has_password(session(), signed_in().account_id),
        sessions=sessions.of_account(session(), signed_in().account_id, now()),
    )
