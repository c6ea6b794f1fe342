"""The routes that a convention has in every portal which shows it: its papers, its signature, its accidents, its evaluation."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents.forms import DeclarationForm
from pfmp_saas.amendments import queries as amendments
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.amendments.use_cases import KIND
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.roles import Role
from pfmp_saas.difficulties.forms import DifficultyForm
from pfmp_saas.portals import accidents, shared
from pfmp_saas.portals.context import session
from pfmp_saas.portals.difficulties import difficulty_page, tell
from pfmp_saas.portals.party import awaited, concerned, proof, signed_pdf, to_ceremony, to_own
from pfmp_saas.portals.refusals import or_show

CONVENTION = "/<uai>/conventions/<uuid:convention_id>"
ACCIDENT = f"{CONVENTION}/accidents/<uuid:accident_id>"
AMENDMENT = "/<uai>/avenants/<uuid:amendment_id>"


@dataclass(frozen=True)
class Portal:
    """A portal that shows conventions: its blueprint, what opens its pages, and which conventions they show.

    ``find`` returns the convention with an identifier when the signed-in person may see it there, and raises
    NotFound otherwise.
    """

    blueprint: Blueprint
    permission: Permission
    find: Callable[[uuid.UUID], Convention]

    @property
    def name(self) -> str:
        """Return the blueprint's name, with which its endpoints begin."""
        return self.blueprint.name

    def find_amendment(self, amendment_id: uuid.UUID) -> Amendment:
        """Return an amendment of a convention shown here, or one that awaits the signed-in person's signature."""
        row = amendments.get(session(), amendment_id)
        if awaited(KIND, row.id) is None:
            self.find(row.convention_id)
        return row


def party_portal(blueprint: Blueprint, permission: Permission, *roles: Role) -> Portal:
    """Return a portal of the conventions in which the signed-in person has one of ``roles``, with its routes."""
    portal = Portal(blueprint, permission, lambda convention_id: concerned(convention_id, *roles))
    _add_page(portal)
    add_papers(portal)
    _add_signing(portal)
    return portal


def _add_page(portal: Portal) -> None:
    @portal.blueprint.get(CONVENTION)
    @requires(portal.permission)
    def convention(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Show a convention."""
        return shared.convention_page(portal.find(convention_id), portal.name)


def add_papers(portal: Portal) -> None:
    """Add the routes of a convention's files: document, proof bundle, attestation, amendments."""

    @portal.blueprint.get(f"{CONVENTION}/convention.pdf")
    @requires(portal.permission)
    def document(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Give the frozen document with the signatures it has."""
        return signed_pdf("convention", portal.find(convention_id).id)

    @portal.blueprint.get(f"{CONVENTION}/preuve.zip", endpoint="proof")
    @requires(portal.permission)
    def convention_proof(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Give the proof bundle of a signed convention."""
        return proof("convention", portal.find(convention_id).id)

    @portal.blueprint.get(f"{CONVENTION}/attestation.pdf")
    @requires(portal.permission)
    def attestation_pdf(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Give the attestation."""
        return shared.attestation_pdf(portal.find(convention_id))

    _add_amendment_papers(portal)


def _add_amendment_papers(portal: Portal) -> None:
    @portal.blueprint.get(f"{AMENDMENT}/avenant.pdf")
    @requires(portal.permission)
    def amendment_pdf(amendment_id: uuid.UUID) -> ResponseReturnValue:
        """Give the frozen amendment with the signatures it has."""
        return signed_pdf(KIND, portal.find_amendment(amendment_id).id)

    @portal.blueprint.get(f"{AMENDMENT}/preuve.zip")
    @requires(portal.permission)
    def amendment_proof(amendment_id: uuid.UUID) -> ResponseReturnValue:
        """Give the proof bundle of a signed amendment."""
        return proof(KIND, portal.find_amendment(amendment_id).id)


def _add_signing(portal: Portal) -> None:
    @portal.blueprint.post(f"{CONVENTION}/signer")
    @requires(portal.permission)
    def sign(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Lead to the ceremony of the convention."""
        return to_ceremony("convention", portal.find(convention_id).id)

    @portal.blueprint.post(f"{AMENDMENT}/signer")
    @requires(portal.permission)
    def sign_amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
        """Lead to the ceremony of the amendment."""
        return to_ceremony(KIND, portal.find_amendment(amendment_id).id)

    @portal.blueprint.post("/<uai>/signatures/<uuid:signer_id>")
    @requires(portal.permission)
    def sign_as(signer_id: uuid.UUID) -> ResponseReturnValue:
        """Lead to the ceremony of one signature, in its own capacity."""
        return to_own(signer_id)


def add_accidents(portal: Portal, permission: Permission, recorded_as: str) -> None:
    """Add the form that records an accident, as the ``school``, the ``host`` or the ``family``."""

    @portal.blueprint.get(f"{CONVENTION}/accident")
    @requires(permission)
    def accident(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Show the form that records an accident."""
        row = portal.find(convention_id)
        return accidents.accident_page(row, portal.name, accidents.accident_form(row))

    @portal.blueprint.post(f"{CONVENTION}/accident")
    @requires(permission)
    def record_accident(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Record an accident."""
        return accidents.record(portal.find(convention_id), portal.name, recorded_as)


def add_declarations(portal: Portal, permission: Permission, declared_as: str) -> None:
    """Add the file of an accident, by which a declarant, the ``school`` or the ``host``, declares it and says so."""

    @portal.blueprint.get(ACCIDENT)
    @requires(permission)
    def accident_file(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
        """Show the file of an accident."""
        return accidents.file_page(portal.find(convention_id), portal.name, accident_id)

    @portal.blueprint.get(f"{ACCIDENT}/declaration.pdf")
    @requires(permission)
    def accident_declaration(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
        """Give the declaration prefilled."""
        return accidents.declaration(portal.find(convention_id), accident_id)

    @portal.blueprint.get(f"{ACCIDENT}/preuve")
    @requires(permission)
    def accident_proof(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
        """Give the proof that the declaration left."""
        return accidents.proof(portal.find(convention_id), accident_id)

    def not_declared(error: DomainError, convention_id: uuid.UUID, accident_id: uuid.UUID) -> str:
        form = accidents.refused(error, DeclarationForm())
        return accidents.file_page(portal.find(convention_id), portal.name, accident_id, declaring=form)

    @portal.blueprint.post(f"{ACCIDENT}/declarer")
    @requires(permission)
    @or_show(not_declared)
    def declare_accident(convention_id: uuid.UUID, accident_id: uuid.UUID) -> ResponseReturnValue:
        """Record that the declaration is sent."""
        return accidents.declare(portal.find(convention_id), portal.name, accident_id, declared_as)


def add_difficulties(portal: Portal) -> None:
    """Add the form by which a party tells the school what goes wrong."""

    @portal.blueprint.get(f"{CONVENTION}/signaler")
    @requires(Permission.DIFFICULTY_TELL)
    def difficulty(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Show the form that tells a difficulty."""
        return difficulty_page(portal.find(convention_id), portal.name, DifficultyForm())

    @portal.blueprint.post(f"{CONVENTION}/signaler")
    @requires(Permission.DIFFICULTY_TELL)
    def tell_difficulty(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Tell a difficulty."""
        return tell(portal.find(convention_id), portal.name)


def add_evaluation(portal: Portal, permission: Permission) -> None:
    """Add the page of the pupil's evaluation of the host."""

    @portal.blueprint.get(f"{CONVENTION}/evaluation")
    @requires(permission)
    def evaluation(convention_id: uuid.UUID) -> ResponseReturnValue:
        """Show the pupil's evaluation of the host."""
        return shared.evaluation_page(portal.find(convention_id), portal.name)
