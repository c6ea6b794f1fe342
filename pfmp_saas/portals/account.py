"""The signed-in person's own page: a password, for those who prefer one to links."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import passwords, use_cases
from pfmp_saas.accounts.models import Account
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import session, signed_in

bp = Blueprint("account", __name__, url_prefix="/compte")


@bp.get("")
@requires(Permission.SIGNED_IN)
def page() -> ResponseReturnValue:
    """Show the page."""
    return _page(None)


@bp.post("/mot-de-passe")
@requires(Permission.SIGNED_IN)
def password() -> ResponseReturnValue:
    """Set the password."""
    typed = request.form.get("password", "")
    if typed != request.form.get("again", ""):
        return _page("Les deux saisies diffèrent."), 422
    try:
        use_cases.set_password(session().get_one(Account, signed_in().account_id), typed)
    except DomainError as error:
        return _page(error.message), error.status
    flash("Mot de passe enregistré.")
    return redirect(url_for("access.home"))


def _page(error: str | None) -> str:
    return render_template("portals/access/account.html", error=error, least=passwords.MINIMUM_LENGTH)
