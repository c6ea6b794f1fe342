"""The host's space: one inbox for every school, and what each convention asks of the host."""

import uuid
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.attestations import forms as attestation_forms
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attestation_use_cases
from pfmp_saas.attestations.forms import AttestationForm
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.roles import Role
from pfmp_saas.portals import asked, shared
from pfmp_saas.portals.asked import HOSTS
from pfmp_saas.portals.context import freezing, session, signed_in, today
from pfmp_saas.portals.party import concerned, to_ceremony
from pfmp_saas.portals.party_routes import add_accidents, add_declarations, add_difficulties, party_portal
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.sheets import KINDS, sheet
from pfmp_saas.workflows.exclusions import check_attestable

bp = Blueprint("company", __name__, url_prefix="/entreprise")
ATTESTATION = "/<uai>/attestations/<uuid:attestation_id>"
_REGISTER = ("Nom", "Prénom", "Premier jour", "Dernier jour", "Tuteur", "Lieu de présence", "Convention")
PORTAL = party_portal(bp, Permission.HOST_SPACE, *HOSTS)
add_accidents(PORTAL, Permission.ACCIDENT_RECORD, "host")
add_difficulties(PORTAL)
add_declarations(PORTAL, Permission.ACCIDENT_RECORD, "host")


@bp.get("")
@requires(Permission.SIGNED_IN)
def inbox() -> ResponseReturnValue:
    """Show what awaits the signed-in person, in every school."""
    return asked.inbox("company", *HOSTS)


@bp.get("/<uai>/registre.<kind>")
@requires(Permission.HOST_SPACE)
def register(kind: str) -> ResponseReturnValue:
    """Give the trainees of one school whom the signed-in person's host took, as its register asks (labour code, D1221-23-1)."""
    if kind not in KINDS:
        raise NotFound
    mine = conventions.of_account(session(), signed_in().account_id).in_roles((Role.HOST_REPRESENTATIVE,))
    signed = sorted(
        (row for row in mine if row.state == "signed"), key=lambda row: (row.starts_on, row.number)
    )
    return sheet(kind, "registre-des-stagiaires", _REGISTER, [_entry(row) for row in signed])


def _entry(row: Convention) -> tuple[Any, ...]:
    student, host, tutor = (row.data.get(name) or {} for name in ("student", "host", "tutor"))
    names = (student.get("last_name"), student.get("first_name"))
    return (*names, row.starts_on, row.ends_on, tutor.get("name"), host.get("address"), row.number)


@bp.get(ATTESTATION)
@requires(Permission.HOST_SPACE)
def attestation(attestation_id: uuid.UUID) -> ResponseReturnValue:
    """Show the prefilled attestation, or where it stands."""
    row, of = _attestation(attestation_id)
    first = attestation_forms.shown(attestations.planned_days(session(), of), of.data)
    return _attestation_page(row, of, AttestationForm(data=first))


def _not_prepared(error: DomainError, attestation_id: uuid.UUID) -> str:
    form = AttestationForm()
    form.refuse(error)
    return _attestation_page(*_attestation(attestation_id), form)


@bp.post(ATTESTATION)
@requires(Permission.HOST_SPACE)
@or_show(_not_prepared)
def prepare(attestation_id: uuid.UUID) -> ResponseReturnValue:
    """Freeze the attestation with its figures and lead to its signature."""
    row, of = _attestation(attestation_id)
    form = AttestationForm()
    if not form.validate_on_submit():
        return _attestation_page(row, of, form), 422
    check_attestable(session(), of)
    attestation_use_cases.prepare(session(), row.id, **form.figures(), today=today(), **freezing())
    return to_ceremony("attestation", row.id)


@bp.post(f"{ATTESTATION}/signer")
@requires(Permission.HOST_SPACE)
def sign_attestation(attestation_id: uuid.UUID) -> ResponseReturnValue:
    """Lead back to the ceremony of an attestation that was prepared and not yet signed."""
    row, _ = _attestation(attestation_id)
    return to_ceremony("attestation", row.id)


def _attestation(attestation_id: uuid.UUID) -> tuple[Attestation, Convention]:
    """Return an attestation that the signed-in person may answer for. Raises NotFound."""
    row = attestations.get(session(), attestation_id)
    return row, concerned(row.convention_id, Role.HOST_REPRESENTATIVE)


def _attestation_page(row: Attestation, of: Convention, form: AttestationForm) -> str:
    due = shared.gratification(of)
    if due:
        form.gratification.description = f"Pour la présence prévue : {due.how}. Retirez les absences."
    return render_template(
        "portals/company/attestation.html",
        row=of,
        attestation=row,
        early=today() < row.due_on,
        form=form,
    )
