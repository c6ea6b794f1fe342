"""A document's proof bundle, from the database: its PDF, its events, their places in the log, the checkpoints."""

from collections.abc import Iterator, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import Conflict
from pfmp_saas.evidence.bundle.make import Earlier, Pieces, Place, make_bundle
from pfmp_saas.evidence.checkpoint import queries as checkpoints
from pfmp_saas.evidence.checkpoint.keys import all_keys
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.evidence.log import proofs
from pfmp_saas.evidence.queries import events_of
from pfmp_saas.evidence.verify.checkpoint import check_note
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.queries import document
from pfmp_saas.signing.states import RequestState
from pfmp_saas.tenants.models import Establishment

MOST_EARLIER = 500
"""How many earlier checkpoints a bundle carries: what its readers may hold."""
NOT_YET = "Le paquet de preuve sera prêt dès que le journal de l’établissement aura son prochain relevé."
NOT_COMPLETE = "Le paquet de preuve existe quand toutes les signatures sont données."


def proof_bundle(session: Session, request: SignatureRequest) -> bytes:
    """Return a completed document's proof bundle. Raises Conflict while no checkpoint covers it yet."""
    if request.state != RequestState.COMPLETE:
        raise Conflict(NOT_COMPLETE)
    checkpoint = checkpoints.covering(session, request.evidence_subject)
    if checkpoint is None:
        raise Conflict(NOT_YET)
    school = session.get_one(Establishment, current_tenant(session))
    events = events_of(session, request.evidence_subject)
    certificate, key = _signed_by(session, checkpoint)
    pieces = Pieces(
        tenant=school.uai,
        school=school.name,
        subject=request.evidence_subject,
        expected=len(request.signers),
        pdf=document(session, request),
        events=[event.canonical for event in events],
        places=[
            Place(event.log_index, proofs.inclusion(session, event.log_index, checkpoint.size))
            for event in events
        ],
        checkpoint=checkpoint.note,
        log_certificate=certificate,
        earlier=list(_earlier(session, checkpoint, key)),
        stamp=checkpoint.stamp,
    )
    return make_bundle(pieces)


def _signed_by(session: Session, checkpoint: StoredCheckpoint) -> tuple[x509.Certificate, Ed25519PublicKey]:
    """Return the key that signed a checkpoint, and its certificate."""
    for row in reversed(all_keys(session)):
        certificate = x509.load_pem_x509_certificate(row.certificate_pem.encode())
        key = certificate.public_key()
        if isinstance(key, Ed25519PublicKey) and _signed(checkpoint, key):
            return certificate, key
    raise Conflict("Le dernier relevé du journal n’est signé par aucune clé connue : lancez pfmp audit.")


def _signed(checkpoint: StoredCheckpoint, key: Ed25519PublicKey) -> bool:
    try:
        check_note(checkpoint.note.encode(), key)
    except Wrong:
        return False
    return True


def _earlier(session: Session, newest: StoredCheckpoint, key: Ed25519PublicKey) -> Iterator[Earlier]:
    """Yield the checkpoints before the newest that the same key signed, the oldest first."""
    before: Sequence[StoredCheckpoint] = checkpoints.latest(session, MOST_EARLIER, below=newest.size)
    for each in reversed(before):
        if each.size and _signed(each, key):
            yield Earlier(each.note, proofs.consistency(session, each.size, newest.size))
