"""What the office reads and records beside the parties: papers, accidents, the pupil's evaluation."""

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents import use_cases
from pfmp_saas.accidents.forms import WithdrawalForm
from pfmp_saas.conventions import queries
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.moves import may
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals import accidents
from pfmp_saas.portals.context import now, session
from pfmp_saas.portals.party_routes import (
    ACCIDENT,
    Portal,
    add_accidents,
    add_declarations,
    add_evaluation,
    add_papers,
)
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp


def _any(convention_id: uuid.UUID) -> Convention:
    return queries.get(session(), convention_id)


PORTAL = Portal(bp, Permission.CONVENTION_READ, _any)
add_papers(PORTAL)
add_accidents(PORTAL, Permission.ACCIDENT_MANAGE, "school")
add_declarations(PORTAL, Permission.ACCIDENT_MANAGE, "school")
add_evaluation(PORTAL, Permission.CONVENTION_READ)


@bp.get(f"{ACCIDENT}/corriger")
@requires(Permission.ACCIDENT_MANAGE)
def correct_accident(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
    """Show what was recorded, to be corrected by another entry."""
    row = _any(convention_id)
    former = accidents.found(row, accident_id)
    may(former, "correct")
    return accidents.accident_page(row, "school", accidents.accident_form(row, former), former)


@bp.post(f"{ACCIDENT}/corriger")
@requires(Permission.ACCIDENT_MANAGE)
def save_correction(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
    """Record the correction as another entry."""
    return accidents.correct(_any(convention_id), accident_id)


def _not_withdrawn(error: DomainError, convention_id: uuid.UUID, accident_id: uuid.UUID) -> str:
    form = accidents.refused(error, WithdrawalForm())
    return accidents.file_page(_any(convention_id), "school", accident_id, withdrawing=form)


@bp.post(f"{ACCIDENT}/retirer")
@requires(Permission.ACCIDENT_MANAGE)
@or_show(_not_withdrawn)
def withdraw_accident(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
    """Take back an accident recorded by mistake."""
    row = accidents.found(_any(convention_id), accident_id)
    why = WithdrawalForm().why.data or ""
    use_cases.withdraw(session(), row.id, why, accidents.teller("school"), now())
    flash("L’inscription est retirée : plus de rappel. Elle reste lisible au registre.")
    return redirect(url_for("school.accident_file", convention_id=convention_id, accident_id=accident_id))


@bp.post(f"{ACCIDENT}/copie")
@requires(Permission.ACCIDENT_MANAGE)
def copy_of_accident(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the school has its copy of the host's declaration."""
    row = accidents.found(_any(convention_id), accident_id)
    use_cases.copied(session(), row.id, accidents.teller("school"), now())
    flash("La copie de la déclaration est notée comme reçue.")
    return redirect(url_for("school.accident_file", convention_id=convention_id, accident_id=accident_id))
