"""The page of one convention, the accident form and the evaluation, shown alike in the portals that share them."""

import uuid
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents import queries as accidents
from pfmp_saas.accidents import use_cases as accident_use_cases
from pfmp_saas.accidents.forms import About, AccidentForm, DeclarationForm
from pfmp_saas.amendments import queries as amendments
from pfmp_saas.amendments.use_cases import KIND
from pfmp_saas.attestations import allowances
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.conventions import queries
from pfmp_saas.conventions.gratification import gratification_of
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.difficulties import queries as difficulties
from pfmp_saas.evaluations import queries as evaluations
from pfmp_saas.followups import queries as followups
from pfmp_saas.followups.forms import DoneForm
from pfmp_saas.law.money.amounts import Amount
from pfmp_saas.portals.context import now, session, signed_in, today
from pfmp_saas.portals.party import awaited, signed_pdf
from pfmp_saas.signing import queries as signing

_UNSIGNED = (ConventionState.DRAFT, ConventionState.SENT, ConventionState.DISCARDED)


def after_signature(row: Convention) -> dict[str, Any]:
    """Return the template values of a signed convention: attestation, allowance, accidents, acts, amendments."""
    if row.state in _UNSIGNED:
        return {"attestation": None, "allowance": None, "accidents": (), "followups": (), "amendments": ()}
    attestation = attestations.of_convention(session(), row.id)
    return {
        "attestation": attestation,
        "attestation_open": attestation is not None and attestations.is_open(attestation, today()),
        "allowance": allowances.allowance_of(session(), row)
        if attestation and attestation.state == "signed"
        else None,
        "accidents": accidents.of_convention(session(), row.id),
        "followups": followups.of_convention(session(), row.id),
        "amendments": amendments.of_convention(session(), row.id),
    }


def gratification(row: Convention) -> Amount | None:
    """Return the gratification of the planned presence in euros, None when none is due or the draft cannot be read."""
    try:
        return gratification_of(session(), row)
    except InvalidData:
        return None


def convention_page(row: Convention, space: str, noting: tuple[uuid.UUID, DoneForm] | None = None) -> str:
    """Show a convention to one of its parties; ``space`` is the blueprint whose routes the page uses.

    ``noting`` is an act of the follow-up and the form that was refused for it.
    """
    return render_template(
        "portals/shared/convention.html",
        row=row,
        space=space,
        signing=signing.request_of(session(), "convention", row.id),
        roles=queries.party_roles(session(), row.id, signed_in().account_id),
        mine=awaited("convention", row.id),
        to_amend={
            amendment.id
            for amendment in amendments.sent_ones(session(), row.id)
            if awaited(KIND, amendment.id)
        },
        evaluation_open=evaluations.is_open(row, today()),
        evaluation=evaluations.of_convention(session(), row.id),
        noting=noting,
        told=[
            each for each in difficulties.of_convention(session(), row.id) if difficulties.for_referent(each)
        ]
        if space == "teacher"
        else [],
        **after_signature(row),
    )


def accident_form(row: Convention) -> AccidentForm:
    """Return the form that records an accident of a convention."""
    days = (
        (date.fromisoformat(each["start"]), date.fromisoformat(each["end"]))
        for each in row.data.get("periods") or ()
    )
    known = tuple(each.occurred_at for each in accidents.of_convention(session(), row.id))
    about = About(accidents.declarant_of(row), accidents.local_zone(row), tuple(days), known)
    return AccidentForm(about, now())


def accident_page(row: Convention, space: str, form: AccidentForm) -> str:
    """Show the form that records an accident."""
    return render_template(
        "portals/shared/accident.html",
        row=row,
        space=space,
        declarant=accidents.declarant_of(row),
        form=form,
    )


def record_accident(row: Convention, space: str, recorded_as: str) -> ResponseReturnValue:
    """Record what the form says, or show it again with its faults."""
    form = accident_form(row)
    if not form.validate_on_submit():
        return accident_page(row, space, form), 422
    accident_use_cases.record_accident(
        session(),
        row.id,
        **form.facts(),
        recorded_by=signed_in().account_id,
        recorded_as=recorded_as,
        now=now(),
    )
    flash("L’accident est enregistré. Voici la date limite de sa déclaration.")
    return redirect(url_for(f"{space}.convention", convention_id=row.id) + "#accidents")


def declare_accident(
    accident_id: uuid.UUID, row: Convention, space: str, declared_as: str
) -> ResponseReturnValue:
    """Record that the declaration of one of the convention's accidents is sent. Raises NotFound."""
    if accidents.get(session(), accident_id).convention_id != row.id:
        raise NotFound
    accident_use_cases.declare(
        session(),
        accident_id,
        means=DeclarationForm().means.data or "",
        declared_by=signed_in().account_id,
        declared_as=declared_as,
        now=now(),
    )
    flash("La déclaration est notée : plus de rappel. Gardez la preuve de son envoi.")
    return redirect(url_for(f"{space}.convention", convention_id=row.id) + "#accidents")


def evaluation_page(row: Convention, space: str) -> str:
    """Show the student's answers to the school."""
    return render_template(
        "portals/shared/evaluation_read.html",
        row=row,
        space=space,
        questionnaire=evaluations.questionnaire(session(), row),
        evaluation=evaluations.of_convention(session(), row.id),
    )


def attestation_pdf(row: Convention) -> ResponseReturnValue:
    """Give the attestation of a convention. Raises NotFound before the host prepared it."""
    attestation = attestations.of_convention(session(), row.id)
    if attestation is None:
        raise NotFound
    return signed_pdf("attestation", attestation.id)
