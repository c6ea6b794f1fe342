"""A convention in signature, corrected by the office: one form over what was sent, then a new version to all."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.amendments.changes import changes, every_field
from pfmp_saas.amendments.forms import CORRECTED, AmendmentForm, amendment_form, fields_of
from pfmp_saas.conventions import queries, replacing, staff
from pfmp_saas.conventions.hours import DAY_NAMES, HALVES
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import acting_as, freezing, now, session
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.refusals import Page, or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing import remarks
from pfmp_saas.signing.states import REMARKS
from pfmp_saas.types.impact import rows_of
from pfmp_saas.types.revisions.use_cases import type_of


def _form(row: Convention, data: Mapping[str, Any]) -> AmendmentForm:
    referents = staff.choices(session(), (data.get("referent") or {}).get("email") or "")
    form = amendment_form(type_of(session(), row), data, referents, {"nature": "change"}, CORRECTED)
    form.reason.label.text = "Ce qui est corrigé, et pourquoi : chaque signataire le lit"
    return form


def _page(
    row: Convention,
    form: AmendmentForm,
    foreseen: replacing.Foreseen | None = None,
    lines: Iterable[str] = (),
) -> str:
    request_row = signing.request_of(session(), "convention", row.id)
    mine = {signer.id for signer in request_row.signers} if request_row else set()
    return render_template(
        "portals/school/correct.html",
        convention=row,
        signing=request_row,
        told=[each for each in remarks.open_ones(session()) if each.signer_id in mine],
        matters=REMARKS,
        fields=fields_of(type_of(session(), row), CORRECTED),
        days=DAY_NAMES,
        halves=HALVES,
        form=form,
        foreseen=foreseen,
        lines=list(lines),
        table=rows_of(type_of(session(), row)),
        labels={signer.name: signer.label for signer in type_of(session(), row).signers},
    )


@bp.get(f"{CONVENTION}/corriger")
@requires(Permission.CONVENTION_SEND)
def correct(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form over the convention as it was sent, with what its signers said."""
    row = queries.get(session(), convention_id)
    return _page(row, _form(row, replacing.present(session(), row)))


def _refused(error: DomainError, convention_id: uuid.UUID) -> Page:
    row = queries.get(session(), convention_id)
    form = _form(row, replacing.present(session(), row))
    form.refuse(error)
    return _page(row, form)


@bp.post(f"{CONVENTION}/corriger")
@requires(Permission.CONVENTION_SEND)
@or_show(_refused)
def send_correction(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Show whom the correction concerns, then, once that was read, send it; the former is closed with the signatures that it had."""
    row = queries.get(session(), convention_id)
    data = replacing.present(session(), row)
    form = _form(row, data)
    wish = form.wish(data)
    if wish is None:
        return _page(row, form), 422
    lines = list(_changed(row, data, {**data, **wish.parts}))
    correction = replacing.Correction(wish.parts, "\n".join([wish.reason, *lines]))
    foreseen = replacing.foresee(session(), row, correction, now())
    if form.confirmed.data != foreseen.digest:
        return _page(row, form, foreseen, lines)
    replacing.replace(session(), row.id, correction, by=acting_as("establishment"), **freezing())
    flash("La version corrigée est partie : qui elle concerne la signe, les autres en sont prévenus.")
    return redirect(url_for("school.convention", convention_id=row.id))


def _changed(row: Convention, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a correction changes, in French, a line each."""
    for each in changes(before, after, every_field(type_of(session(), row))):
        yield f"{each.label} : {' ; '.join(each.before)} → {' ; '.join(each.after)}"
