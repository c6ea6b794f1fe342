"""What every party may do with an amendment from its portal: read it, sign its own part, take the proof away."""

import uuid

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pfmp_saas.amendments import queries
from pfmp_saas.amendments.use_cases import KIND
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.roles import Role
from pfmp_saas.portals.context import session
from pfmp_saas.portals.party import awaited, bundle, concerned, signed_pdf, to_ceremony
from pfmp_saas.signing import queries as signing

ONE = "/<uai>/avenants/<uuid:amendment_id>"


def add(bp: Blueprint, permission: Permission, *roles: Role) -> None:
    """Give a portal the three routes; they open to the convention's parties in ``roles``, and to who is to sign."""

    @bp.get(f"{ONE}/avenant.pdf")
    @requires(permission)
    def amendment_pdf(amendment_id: uuid.UUID) -> ResponseReturnValue:
        """Give the PDF."""
        return signed_pdf(KIND, _mine(amendment_id, *roles))

    @bp.get(f"{ONE}/preuve.zip")
    @requires(permission)
    def amendment_proof(amendment_id: uuid.UUID) -> ResponseReturnValue:
        """Give the proof bundle."""
        return proof(_mine(amendment_id, *roles))

    @bp.post(f"{ONE}/signer")
    @requires(permission)
    def sign_amendment(amendment_id: uuid.UUID) -> ResponseReturnValue:
        """Lead to the ceremony."""
        return to_ceremony(KIND, _mine(amendment_id, *roles))


def proof(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Give an amendment's proof bundle. Raises NotFound before it is sent, Conflict before it can be made."""
    request = queries.get(session(), amendment_id).request_id
    return bundle(signing.get(session(), request or uuid.uuid4()))


def _mine(amendment_id: uuid.UUID, *roles: Role) -> uuid.UUID:
    """Return an amendment that concerns the signed-in person: one still to sign, or one of an own convention."""
    row = queries.get(session(), amendment_id)
    if awaited(KIND, row.id) is None:
        concerned(row.convention_id, *roles)
    return row.id
