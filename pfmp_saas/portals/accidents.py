"""Accidents in every portal: recorded, then the file of one with its declaration prefilled, corrected or withdrawn by the office."""

import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents import errors, queries, use_cases
from pfmp_saas.accidents.declaration import render_declaration
from pfmp_saas.accidents.forms import About, AccidentForm, DeclarationForm, WithdrawalForm
from pfmp_saas.accidents.models import Accident
from pfmp_saas.accidents.states import LIVE
from pfmp_saas.accidents.use_cases import Teller
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.forms import Form, unsent
from pfmp_saas.core.moves import may
from pfmp_saas.core.storage import load
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.files import attached_file, shown_file
from pfmp_saas.types.revisions.use_cases import type_of

_KEPT = ("place", "circumstances", "activity", "cause", "witnesses", "third_party", "commuting")


def teller(capacity: str) -> Teller:
    """Return the signed-in account as who records, in a capacity."""
    return Teller(signed_in().account_id, capacity)


def accident_form(row: Convention, corrected: Accident | None = None) -> AccidentForm:
    """Return the form that records an accident of a convention, over what an entry to correct says."""
    days = (
        (date.fromisoformat(each["start"]), date.fromisoformat(each["end"]))
        for each in row.data.get("periods") or ()
    )
    others = (each for each in queries.of_convention(session(), row.id) if each is not corrected)
    known = tuple(each.occurred_at for each in others if each.state in LIVE)
    about = About(queries.declarant_of(row), queries.local_zone(row), tuple(days), known)
    return AccidentForm(about, now(), _said(corrected) if corrected else None)


def _said(row: Accident) -> dict[str, Any]:
    zone = ZoneInfo(row.timezone)
    moments = {
        name: getattr(row, name).astimezone(zone).replace(tzinfo=None) for name in ("occurred_at", "known_at")
    }
    return {**moments, **{name: getattr(row, name) for name in _KEPT}}


def accident_page(row: Convention, space: str, form: AccidentForm, corrected: Accident | None = None) -> str:
    """Show the form that records an accident, or corrects what was recorded."""
    return render_template(
        "portals/shared/accident.html",
        row=row,
        space=space,
        declarant=queries.declarant_of(row),
        form=form,
        corrected=corrected,
    )


def record(row: Convention, space: str, recorded_as: str) -> ResponseReturnValue:
    """Record what the form says, or show it again with its faults."""
    form = accident_form(row)
    if not form.validate_on_submit():
        return accident_page(row, space, form), 422
    use_cases.record_accident(session(), row.id, form.facts(), teller(recorded_as), now())
    flash("L’accident est enregistré. Voici la date limite de sa déclaration.")
    return redirect(url_for(f"{space}.convention", convention_id=row.id) + "#accidents")


def correct(row: Convention, accident_id: uuid.UUID) -> ResponseReturnValue:
    """Record a correction as a new entry, or show the form again with its faults."""
    former = found(row, accident_id)
    may(former, "correct")
    form = accident_form(row, former)
    if not form.validate_on_submit():
        return accident_page(row, "school", form, former), 422
    newest = use_cases.correct(session(), former.id, form.facts(), teller("school"), now())
    flash("La correction est enregistrée. L’inscription précédente reste lisible.")
    return redirect(url_for("school.accident_file", convention_id=row.id, accident_id=newest.id))


def found(row: Convention, accident_id: uuid.UUID) -> Accident:
    """Return one of a convention's accidents. Raises NotFound."""
    accident = queries.get(session(), accident_id)
    if accident.convention_id != row.id:
        raise NotFound
    return accident


def file_page(
    row: Convention,
    space: str,
    accident_id: uuid.UUID,
    declaring: DeclarationForm | None = None,
    withdrawing: WithdrawalForm | None = None,
) -> str:
    """Show the file of one accident: what is known, the declaration prefilled, how it left."""
    accident = found(row, accident_id)
    return render_template(
        "portals/shared/accident_file.html",
        row=row,
        space=space,
        each=accident,
        declares=space == "school" or accident.declarant == "host",
        declaring=declaring or unsent(DeclarationForm),
        withdrawing=withdrawing or unsent(WithdrawalForm),
        corrected_by=queries.correction_of(session(), accident.id),
        late=now() >= accident.deadline,
    )


def declaration(row: Convention, accident_id: uuid.UUID) -> ResponseReturnValue:
    """Give what the declaration asks, prefilled, as a PDF."""
    accident = found(row, accident_id)
    rendered = render_declaration(type_of(session(), row), row.data, accident, now())
    return shown_file(rendered.pdf, f"declaration-accident-{row.number}.pdf")


def proof(row: Convention, accident_id: uuid.UUID) -> ResponseReturnValue:
    """Give the proof that a declaration left. Raises NoProof without one."""
    accident = found(row, accident_id)
    if accident.proof_id is None:
        raise errors.NoProof
    file = load(session(), accident.proof_id)
    return attached_file(file.content, file.name, file.media_type)


def declare(row: Convention, space: str, accident_id: uuid.UUID, declared_as: str) -> ResponseReturnValue:
    """Record that the declaration of one of the convention's accidents is sent. Raises NotFound."""
    accident = found(row, accident_id)
    form = DeclarationForm()
    if not form.validate_on_submit():
        return file_page(row, space, accident.id, declaring=form), 422
    try:
        sending = form.sending()
    except DomainError as error:  # of a scan: here it is the proof
        raise DomainError(error.message, field="proof") from error
    use_cases.declare(session(), accident.id, sending, teller(declared_as), now())
    flash("La déclaration est notée : plus de rappel. Gardez la preuve de son envoi.")
    return redirect(url_for(f"{space}.accident_file", convention_id=row.id, accident_id=accident.id))


def refused(error: DomainError, form: Form) -> Any:
    """Return a form with what it was refused for."""
    form.refuse(error)
    return form
