"""The head's delegations of signature: given to a deputy by a deed with dates, and ended."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import delegations as use_cases
from pfmp_saas.accounts.forms import SCOPES, DelegationForm
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.fields import identifier
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in, today
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp

PAGE = "/<uai>/equipe/delegations"


@bp.get(PAGE)
@requires(Permission.HEAD_HAND_OVER)
def delegations() -> ResponseReturnValue:
    """Show the delegations in force and past, and the form of a new one."""
    return _page(_form(unsent=True))


def _form(*, unsent: bool = False) -> DelegationForm:
    known = [(str(each.account_id), each.name) for each in use_cases.deputies(session())]
    return DelegationForm(known, formdata=None) if unsent else DelegationForm(known)


def _page(form: DelegationForm) -> str:
    rows = use_cases.every(session())
    return render_template(
        "portals/school/delegations.html", rows=rows, form=form, scopes=SCOPES, day=today()
    )


def _not_given(error: DomainError) -> str:
    form = _form()
    form.refuse(error)
    return _page(form)


@bp.post(PAGE)
@requires(Permission.HEAD_HAND_OVER)
@or_show(_not_given)
def give_delegation() -> ResponseReturnValue:
    """Delegate the signature."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    deputy = identifier(form.deputy)
    assert deputy is not None  # the field is needed
    deed = use_cases.Deed(
        deputy, form.scope.data, form.starts_on.data, form.ends_on.data, form.reference.data or ""
    )
    row = use_cases.give(session(), deed, by=signed_in().account_id, now=now())
    flash(f"{row.deputy_name} signera par délégation ce qui part pendant ces jours, et reçoit un courriel.")
    return redirect(url_for("school.delegations"))


def _not_ended(error: DomainError, delegation_id: uuid.UUID) -> str:
    del delegation_id
    form = _form(unsent=True)
    form.refuse(error)
    return _page(form)


@bp.post(f"{PAGE}/<uuid:delegation_id>/fin")
@requires(Permission.HEAD_HAND_OVER)
@or_show(_not_ended)
def end_delegation(delegation_id: uuid.UUID) -> ResponseReturnValue:
    """End a delegation before its date."""
    row = use_cases.end(session(), delegation_id, by=signed_in().account_id, now=now())
    flash(f"La délégation de {row.deputy_name} a pris fin : vous signez à nouveau ce qui part.")
    return redirect(url_for("school.delegations"))
