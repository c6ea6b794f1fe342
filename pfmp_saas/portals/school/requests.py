"""What signers say, and whose address refuses mail: what the office answers before the signatures can go on."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.forms import unsent
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import acting_as, now, session, settings, signed_in
from pfmp_saas.portals.refusals import Page, or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.school.paper import home
from pfmp_saas.signing import addresses, reaching, remarks
from pfmp_saas.signing.forms import AddressForm, AnswerForm
from pfmp_saas.signing.models import Signer
from pfmp_saas.signing.queries import signer as signer_of
from pfmp_saas.signing.states import REMARKS


@bp.get("/<uai>/demandes")
@requires(Permission.CONVENTION_WRITE)
def remarks_told() -> ResponseReturnValue:
    """List what signers said that awaits an answer, and the addresses that refuse mail."""
    rows = remarks.open_ones(session())
    lost = reaching.lost(session())
    homes = {row.signer.request.id: home(row.signer.request) for row in rows}
    homes |= {each.signer.request.id: home(each.signer.request) for each in lost}
    return render_template(
        "portals/school/requests.html",
        rows=rows,
        lost=lost,
        homes=homes,
        matters=REMARKS,
        form=unsent(AnswerForm),
    )


@bp.post("/<uai>/demandes/<uuid:signer_remark_id>")
@requires(Permission.CONVENTION_WRITE)
def settle_remark(signer_remark_id: uuid.UUID) -> ResponseReturnValue:
    """Note what was done about a remark."""
    answer = AnswerForm().answer.data or ""
    remarks.settle(session(), signer_remark_id, answer, signed_in().account_id, now())
    flash("La demande est traitée.")
    return redirect(url_for("school.remarks_told"))


@bp.get("/<uai>/signataires/<uuid:signer_id>/adresse")
@requires(Permission.CONVENTION_SEND)
def address(signer_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that corrects a signer's address."""
    row = signer_of(session(), signer_id)
    return _page(row, AddressForm(data={"email": row.email}))


def _page(row: Signer, form: AddressForm) -> str:
    return render_template("portals/school/address.html", signer=row, home=home(row.request), form=form)


def _refused(error: DomainError, signer_id: uuid.UUID) -> Page:
    form = AddressForm()
    form.refuse(error)
    return _page(signer_of(session(), signer_id), form)


@bp.post("/<uai>/signataires/<uuid:signer_id>/adresse")
@requires(Permission.CONVENTION_SEND)
@or_show(_refused)
def correct_address(signer_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a signer's address: the old link dies, a new one leaves, nothing else changes."""
    row, form = signer_of(session(), signer_id), AddressForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    addresses.correct(
        session(),
        row.id,
        form.email.data,
        by=acting_as("establishment"),
        base_url=settings().base_url,
        now=now(),
    )
    flash(f"L’adresse est corrigée : une invitation part à {row.name}. L’ancien lien ne s’ouvre plus.")
    return redirect(home(row.request))
