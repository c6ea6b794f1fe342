"""The page of one convention and the evaluation, shown alike in the portals that share them."""

import uuid
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents import queries as accidents
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
from pfmp_saas.portals.context import session, signed_in, today
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
