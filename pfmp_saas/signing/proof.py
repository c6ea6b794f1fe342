"""A document's proof bundle, from the database: its PDF, its events, their places in the log, the checkpoints."""

from collections.abc import Iterator, Sequence

from cryptography import x509
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.storage import load
from pfmp_saas.evidence.bundle.make import Earlier, Pieces, Place, make_bundle
from pfmp_saas.evidence.checkpoint import queries as checkpoints
from pfmp_saas.evidence.checkpoint.cosigned import cosigned_note
from pfmp_saas.evidence.checkpoint.keys import all_keys
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.evidence.log import proofs
from pfmp_saas.evidence.queries import events_of
from pfmp_saas.evidence.verify.bundle.archive import VERSIONS
from pfmp_saas.signing import errors
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.queries import document
from pfmp_saas.signing.states import Manner, RequestState
from pfmp_saas.tenants.models import Establishment

MOST_EARLIER = 500
"""How many earlier checkpoints a bundle carries: what its readers may hold."""


def proof_bundle(session: Session, request: SignatureRequest) -> bytes:
    """Return a completed document's proof bundle. Raises Conflict while no checkpoint covers it yet, Gone at the end of its retention."""
    if request.state != RequestState.COMPLETE:
        raise errors.NotComplete
    pdf = document(session, request)
    checkpoint = checkpoints.covering(session, request.evidence_subject)
    if checkpoint is None:
        raise errors.NoCheckpointYet
    school = session.get_one(Establishment, current_tenant(session))
    events = events_of(session, request.evidence_subject)
    newest_key, *older_keys = _certificates(session)
    pieces = Pieces(
        tenant=school.uai,
        school=school.name,
        subject=request.evidence_subject,
        expected=len(request.signers),
        pdf=pdf,
        events=[event.canonical for event in events],
        places=[
            Place(event.log_index, proofs.inclusion(session, event.log_index, checkpoint.size))
            for event in events
        ],
        checkpoint=cosigned_note(session, checkpoint),
        log_certificate=newest_key,
        older_log_certificates=older_keys,
        earlier=list(_earlier(session, checkpoint)),
        stamp=checkpoint.stamp,
        second_stamp=checkpoint.second.stamp if checkpoint.second else None,
        scans=dict(_scans(session, request)),
        versions=dict(_versions(session, request)),
    )
    return make_bundle(pieces)


def _scans(session: Session, request: SignatureRequest) -> Iterator[tuple[str, bytes]]:
    """Yield the scans of the signatures on paper, each under the name that its rank and its format give."""
    for signer in request.signers:
        if signer.paper:
            file = load(session, signer.paper.scan_id)
            yield file.name, file.content


def _versions(session: Session, request: SignatureRequest) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the earlier versions from which a signature is carried over, each once, the oldest first."""
    given = [each.carries for each in request.signers if each.manner == Manner.CARRIED and each.carries]
    former = {each.request_id: each.request for each in given}
    for name, each in zip(VERSIONS, sorted(former.values(), key=lambda row: row.opened_at), strict=False):
        yield name, document(session, each)


def _certificates(session: Session) -> list[x509.Certificate]:
    """Return the certificates of the log's keys, the newest first."""
    return [
        x509.load_pem_x509_certificate(row.certificate_pem.encode()) for row in reversed(all_keys(session))
    ]


def _earlier(session: Session, newest: StoredCheckpoint) -> Iterator[Earlier]:
    """Yield the checkpoints before the newest, the oldest first."""
    before: Sequence[StoredCheckpoint] = checkpoints.latest(session, MOST_EARLIER, below=newest.size)
    for each in reversed(before):
        if each.size:
            yield Earlier(each.note, proofs.consistency(session, each.size, newest.size))
