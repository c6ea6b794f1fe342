"""What every party to a convention may do from a portal: read it, sign one's own part, take the PDF away."""

import uuid

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import queries
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.roles import Role
from pfmp_saas.evidence.bundle.make import ARCHIVE_NAME
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.files import ZIP, attached_file, shown_file
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.proof import proof_bundle

PORTAL_LINK_DAYS = 1
SAVED_AS = {"convention": "convention.pdf", "amendment": "avenant.pdf", "attestation": "attestation.pdf"}
"""The name under which a person saves a document, by its kind."""


def concerned(convention_id: uuid.UUID, *roles: Role) -> Convention:
    """Return a convention to which the signed-in person is a party in one of ``roles``. Raises NotFound."""
    own_roles = queries.party_roles(session(), convention_id, signed_in().account_id)
    if not own_roles & {role.value for role in roles}:
        raise NotFound
    return queries.get(session(), convention_id)


def awaited(kind: str, subject_id: uuid.UUID) -> Signer | None:
    """Return the signer of a document as whom the signed-in person has yet to sign, or None."""
    mine = signing.awaiting(session(), signed_in().email)
    of_subject = (s for s in mine if (s.request.subject_kind, s.request.subject_id) == (kind, subject_id))
    return next(of_subject, None)


def to_ceremony(kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    """Lead the signed-in person to the ceremony of his or her own signature. Raises NotFound."""
    return _ceremony(awaited(kind, subject_id))


def to_own(signer_id: uuid.UUID) -> ResponseReturnValue:
    """Lead the signed-in person to the ceremony in the very capacity of a signer who awaits. Raises NotFound."""
    mine = signing.awaiting(session(), signed_in().email)
    return _ceremony(next((signer for signer in mine if signer.id == signer_id), None))


def _ceremony(signer: Signer | None) -> ResponseReturnValue:
    if signer is None:
        raise NotFound
    token = new_link(session(), signer, now(), days=PORTAL_LINK_DAYS)
    return redirect(url_for("ceremony.show", token=token))


def signed_pdf(kind: str, subject_id: uuid.UUID) -> Response:
    """Give the frozen document with the signatures it has. Raises NotFound before it is sent."""
    return shown_file(signing.document(session(), _request(kind, subject_id)), SAVED_AS[kind])


def proof(kind: str, subject_id: uuid.UUID) -> Response:
    """Give a signed document's proof bundle. Raises NotFound before it is sent, Conflict before it can be made."""
    return bundle(_request(kind, subject_id))


def _request(kind: str, subject_id: uuid.UUID) -> SignatureRequest:
    signature_request = signing.request_of(session(), kind, subject_id)
    if signature_request is None:
        raise NotFound
    return signature_request


def bundle(request: SignatureRequest) -> Response:
    """Answer with a request's proof bundle."""
    return attached_file(proof_bundle(session(), request), ARCHIVE_NAME, ZIP)
