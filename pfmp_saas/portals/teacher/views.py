"""The referent teacher's space: the pupils followed, their conventions, accidents and evaluations."""

import uuid

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import queries
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.roles import Role
from pfmp_saas.portals import shared
from pfmp_saas.portals.context import actor, session
from pfmp_saas.portals.party import concerned, proof_of, signed_pdf, to_ceremony

bp = Blueprint("teacher", __name__, url_prefix="/enseignant")
ONE = "/<uai>/conventions/<uuid:convention_id>"


@bp.get("/<uai>/")
@requires(Permission.FOLLOW_STUDENTS)
def dashboard(uai: str) -> ResponseReturnValue:
    """List the conventions that the signed-in teacher follows."""
    rows = queries.for_party(session(), actor().account_id, {Role.REFERENT.value})
    return render_template("portals/shared/conventions.html", uai=uai, rows=rows, space="teacher")


@bp.get(ONE)
@requires(Permission.FOLLOW_STUDENTS)
def convention(uai: str, convention_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Show a convention."""
    return shared.convention_page(concerned(convention_id, Role.REFERENT), "teacher")


@bp.get(f"{ONE}/convention.pdf")
@requires(Permission.FOLLOW_STUDENTS)
def document(uai: str, convention_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Give the PDF."""
    return signed_pdf("convention", concerned(convention_id, Role.REFERENT).id)


@bp.get(f"{ONE}/preuve.zip")
@requires(Permission.FOLLOW_STUDENTS)
def proof(uai: str, convention_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Give the proof bundle."""
    return proof_of(concerned(convention_id, Role.REFERENT).id)


@bp.get(f"{ONE}/attestation.pdf")
@requires(Permission.FOLLOW_STUDENTS)
def attestation_pdf(uai: str, convention_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Give the attestation."""
    return shared.attestation_pdf(concerned(convention_id, Role.REFERENT))


@bp.post(f"{ONE}/signer")
@requires(Permission.FOLLOW_STUDENTS)
def sign(uai: str, convention_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Lead to the ceremony."""
    return to_ceremony("convention", concerned(convention_id, Role.REFERENT).id)


@bp.get(f"{ONE}/accident")
@requires(Permission.ACCIDENT_RECORD)
def accident(uai: str, convention_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Show the form that records an accident."""
    return shared.accident_form(concerned(convention_id, Role.REFERENT), "teacher", {}, {})


@bp.post(f"{ONE}/accident")
@requires(Permission.ACCIDENT_RECORD)
def record_accident(uai: str, convention_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Record an accident."""
    return shared.record_accident(concerned(convention_id, Role.REFERENT), "teacher", "school")


@bp.get(f"{ONE}/evaluation")
@requires(Permission.EVALUATION_READ)
def evaluation(uai: str, convention_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Show the pupil's evaluation of the host."""
    return shared.evaluation_page(concerned(convention_id, Role.REFERENT), "teacher")
