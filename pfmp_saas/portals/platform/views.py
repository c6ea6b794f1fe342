"""The operator's page: the schools, the schedule's last beat, the work that failed. It reads no school's data."""

import uuid
from collections import Counter

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import factors, queries, roles
from pfmp_saas.accounts.forms import HeadForm, ResetForm
from pfmp_saas.core import crossing, heartbeat
from pfmp_saas.core.database import enter_tenant, existing
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import giving, means, now, session, signed_in
from pfmp_saas.portals.factors import proven
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import Establishment
from pfmp_saas.workflows import failures

bp = Blueprint("platform", __name__, url_prefix="/plateforme")


@bp.get("")
@requires(Permission.PLATFORM)
def overview() -> ResponseReturnValue:
    """List the establishments, how much the worker gave up in each, and the age of the schedule's last beat."""
    beat = heartbeat.age(session(), "tick", now())
    given_up = Counter[uuid.UUID]()
    for tenant_id, _, count in crossing.given_up(session()):
        given_up[tenant_id] += count
    return render_template(
        "portals/platform/overview.html",
        schools=tenants.everyone(session()),
        given_up=given_up,
        age=int(beat.total_seconds()) if beat else None,
    )


@bp.get("/etablissements/<uuid:establishment_id>/chef")
@requires(Permission.PLATFORM)
def head(establishment_id: uuid.UUID) -> ResponseReturnValue:
    """Show who heads an establishment, and offer to change it."""
    return _head(establishment_id, HeadForm())


def _head_again(error: DomainError, establishment_id: uuid.UUID) -> str:
    form = HeadForm()
    form.refuse(error)
    return _head(establishment_id, form)


@bp.post("/etablissements/<uuid:establishment_id>/chef")
@requires(Permission.PLATFORM)
@or_show(_head_again)
def change_head(establishment_id: uuid.UUID) -> ResponseReturnValue:
    """Put a person at an establishment's head, when the one in office cannot do it."""
    form = HeadForm()
    if not form.validate_on_submit():
        return _head(establishment_id, form), 422
    person = form.member()
    enter_tenant(session(), existing(session(), Establishment, establishment_id).id)
    roles.change_head(session(), person, giving())
    flash(f"{person.name} est désormais le chef d’établissement.")
    return redirect(url_for("platform.overview"))


def _head(establishment_id: uuid.UUID, form: HeadForm) -> str:
    school = existing(session(), Establishment, establishment_id)
    enter_tenant(session(), establishment_id)
    return render_template(
        "portals/platform/head.html",
        school=school,
        head=queries.head(session()),
        form=form,
    )


@bp.post("/etablissements/<uuid:establishment_id>/reessayer")
@requires(Permission.PLATFORM)
def all_again(establishment_id: uuid.UUID) -> ResponseReturnValue:
    """Try again every failed piece of work of one establishment."""
    enter_tenant(session(), existing(session(), Establishment, establishment_id).id)
    failures.try_all_again(session())
    flash("Tout repart.")
    return redirect(url_for("platform.overview"))


@bp.get("/double-authentification")
@requires(Permission.PLATFORM)
@proven
def second_factor() -> ResponseReturnValue:
    """Offer to take a person's second factors away."""
    return render_template("portals/platform/second_factor.html", form=ResetForm())


@bp.post("/double-authentification")
@requires(Permission.PLATFORM)
@proven
def reset_second_factor() -> ResponseReturnValue:
    """Take a person's second factors away, once it was checked who asks."""
    form = ResetForm()
    account = queries.by_email(session(), form.email.data or "") if form.validate() else None
    if account is None:
        if not form.wrong:
            form.refuse(DomainError("Aucun compte n’a cette adresse.", field="email"))
        return render_template("portals/platform/second_factor.html", form=form), 422
    factors.reset(session(), account, means(), by=signed_in().account_id)
    flash(f"La double authentification de {account.email} est retirée ; ses sessions sont fermées.")
    return redirect(url_for("platform.overview"))
