"""The signed-in person's second factors: applications, passkeys, recovery codes; each change wants a fresh proof."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import errors, factors, passkeys, sessions, totp, use_cases
from pfmp_saas.accounts.forms import CodeForm, PasskeyForm, ProofForm
from pfmp_saas.accounts.models import Account
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import means, now, session, settings, signed_in
from pfmp_saas.portals.limits import by_person

P = ParamSpec("P")
bp = Blueprint("factors", __name__, url_prefix="/compte/double-authentification")


def proven(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Decorate a view: it opens to who has proved of late, within the session, to be who they are."""

    @wraps(view)
    def proved(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if is_proved():
            return view(*args, **kwargs)
        flash("Confirmez d’abord que c’est bien vous.")
        return redirect(url_for("factors.page"))

    return proved


def is_proved() -> bool:
    """Tell whether the proof is there, or nothing could be asked: neither a password nor a second factor yet."""
    nothing = not use_cases.has_password(session(), signed_in().account_id) and not factors.held(
        session(), signed_in().account_id
    )
    return nothing or sessions.proved(session(), signed_in().session_id, now())


@bp.get("")
@requires(Permission.SIGNED_IN)
def page() -> ResponseReturnValue:
    """Show the person's second factors, and the proof asked before they change."""
    return _page(ProofForm())


def _page(form: ProofForm, refusal: DomainError | None = None) -> str:
    account, proved = _account(), is_proved()
    held = factors.of_account(session(), account.id)
    return render_template(
        "portals/access/factors.html",
        form=form,
        refusal=refusal.message if refusal else "",
        held=held,
        proved=proved,
        required=factors.required(session(), account, of_operators=settings().operator_second_factor),
        passkeys_possible=means().site is not None,
        options=None if proved or not held.passkeys else _asked(account),
    )


def _asked(account: Account) -> str | None:
    here = means().site
    if here is None:
        return None
    return passkeys.request_options(session(), account.id, here, _challenge())


def _challenge() -> bytes:
    challenge = passkeys.new_challenge()
    sessions.ask(session(), signed_in().session_id, challenge, now())
    return challenge


@bp.post("/confirmer")
@requires(Permission.SIGNED_IN)
@by_person("10 per 15 minutes; 30 per day")
def confirm() -> ResponseReturnValue:
    """Take the proof: the second factor where there is one, else the password."""
    form = ProofForm()
    try:
        _check(_account(), form)
    except DomainError as error:
        form.refuse(error)
        return _page(form), error.status
    sessions.prove(session(), signed_in().session_id, now())
    return redirect(url_for("factors.page"))


def _check(account: Account, form: ProofForm) -> None:
    """Check the proof. Raises WrongAnswer, WrongPresent."""
    if not factors.held(session(), account.id):
        use_cases.check_present(session(), account.id, form.present.data or "")
        return
    challenge = sessions.asked(session(), signed_in().session_id, now())
    if not factors.accept(session(), account, form.answer(), challenge, means()):
        raise errors.WrongAnswer


@bp.post("/application")
@requires(Permission.SIGNED_IN)
@proven
def begin_application() -> ResponseReturnValue:
    """Prepare an application, to be confirmed by its first code."""
    totp.begin(session(), signed_in().account_id, means().kek, now())
    return redirect(url_for("factors.application"))


@bp.get("/application")
@requires(Permission.SIGNED_IN)
@proven
def application() -> ResponseReturnValue:
    """Show the code that an application photographs."""
    return _application(CodeForm())


def _application(form: CodeForm) -> ResponseReturnValue:
    row = totp.awaited(session(), signed_in().account_id)
    if row is None:
        return redirect(url_for("factors.page"))
    shown = totp.shown(row, _account(), means().kek)
    return render_template("portals/access/application.html", form=form, shown=shown)


@bp.post("/application/confirmer")
@requires(Permission.SIGNED_IN)
@by_person("10 per 15 minutes")
@proven
def confirm_application() -> ResponseReturnValue:
    """Take an application into use, and show recovery codes with the first factor."""
    row, form = totp.awaited(session(), signed_in().account_id), CodeForm()
    if row is None:
        return redirect(url_for("factors.page"))
    try:
        totp.confirm(session(), row, form.code.data or "", means().kek, now())
    except errors.WrongAnswer as error:
        form.refuse(error)
        return render_template(
            "portals/access/application.html", form=form, shown=totp.shown(row, _account(), means().kek)
        ), error.status
    return _added(factors.Change.APPLICATION_ADDED)


@bp.get("/cle")
@requires(Permission.SIGNED_IN)
@proven
def new_passkey() -> ResponseReturnValue:
    """Show the form by which the browser makes a passkey."""
    here = means().site
    return _new_passkey(here) if here else redirect(url_for("factors.page"))


def _new_passkey(here: passkeys.Site, refusal: DomainError | None = None) -> str:
    options = passkeys.creation_options(session(), _account(), here, _challenge())
    message = refusal.message if refusal else ""
    return render_template(
        "portals/access/passkey.html", form=PasskeyForm(), options=options, refusal=message
    )


@bp.post("/cle")
@requires(Permission.SIGNED_IN)
@proven
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser has made."""
    form, here = PasskeyForm(), means().site
    challenge = sessions.asked(session(), signed_in().session_id, now())
    if here is None:
        return redirect(url_for("factors.page"))
    try:
        passkeys.add(
            session(),
            signed_in().account_id,
            form.credential.data or "",
            form.name.data or "",
            (here, challenge),
            now(),
        )
    except DomainError as error:
        return _new_passkey(here, error), error.status
    return _added(factors.Change.PASSKEY_ADDED)


@bp.post("/codes")
@requires(Permission.SIGNED_IN)
@proven
def renew_codes() -> ResponseReturnValue:
    """Show ten new recovery codes; those before serve no more."""
    return _codes(factors.renew_codes(session(), _account(), means()))


@bp.post("/<uuid:factor_id>/retirer")
@requires(Permission.SIGNED_IN)
@proven
def remove(factor_id: uuid.UUID) -> ResponseReturnValue:
    """Take away one of the person's own factors."""
    operators = settings().operator_second_factor
    try:
        factors.remove(session(), _account(), factor_id, means(), of_operators=operators)
    except errors.StillRequired as error:
        return _page(ProofForm(), error), error.status
    flash("Ce moyen est retiré. Un courriel vous le confirme.")
    return redirect(url_for("factors.page"))


def _added(change: factors.Change) -> ResponseReturnValue:
    codes = factors.added(session(), _account(), change, means(), within=signed_in().session_id)
    flash("Ce moyen est ajouté. Vos autres sessions sont fermées.")
    return _codes(codes) if codes else redirect(url_for("factors.page"))


def _codes(codes: list[str]) -> str:
    return render_template("portals/access/recovery.html", codes=codes)


def _account() -> Account:
    return session().get_one(Account, signed_in().account_id)
