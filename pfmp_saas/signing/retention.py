"""Erasing a signed document whose retention has ended: its people in the evidence, its file, the names in its rows.

What stays is what verifies: events, hashes, the log. The evidence itself says that it was done, and when.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, aliased

from pfmp_saas.core.storage import StoredFile
from pfmp_saas.evidence.erasure import erase_document
from pfmp_saas.signing import errors
from pfmp_saas.signing.models import (
    PaperSignature,
    SignatureRequest,
    Signer,
    SignerRemark,
    SigningBatchItem,
    SigningLink,
)
from pfmp_saas.signing.states import RequestState

ERASED_TITLE = "Document effacé au terme de sa conservation"


def purge(session: Session, request: SignatureRequest, now: datetime) -> None:
    """Erase the people and the file of a closed request; a second call changes nothing. Raises Conflict while it is open."""
    if request.erased_at:
        return
    if request.state == RequestState.OPEN:
        raise errors.StillOpen
    erase_document(session, request.evidence_subject, request.frozen_hash, now)
    mine = [signer.id for signer in request.signers]
    session.execute(delete(SignerRemark).where(SignerRemark.signer_id.in_(mine)))
    session.execute(delete(SigningLink).where(SigningLink.signer_id.in_(mine)))
    session.execute(update(SigningBatchItem).where(SigningBatchItem.signer_id.in_(mine)).values(title=""))
    papers = update(PaperSignature).where(PaperSignature.request_id == request.id)
    session.execute(papers.values(voucher_name="", voucher_email=""))
    session.execute(
        update(Signer).where(Signer.request_id == request.id).values(name="", email="", refusal_reason=None)
    )
    _empty_files(session, request)
    request.title, request.erased_at, request.replacement_reason = ERASED_TITLE, now, None
    session.flush()
    session.expire_all()


def is_carried_on(session: Session, request: SignatureRequest) -> bool:
    """Tell whether a signature of this document stands, or may, for one of a later version that is kept."""
    later, given = aliased(Signer), aliased(Signer)
    statement = (
        select(later.id)
        .join(given, later.carries_id == given.id)
        .join(SignatureRequest, SignatureRequest.id == later.request_id)
        .where(given.request_id == request.id, SignatureRequest.erased_at.is_(None))
    )
    return session.scalars(statement.limit(1)).first() is not None


def _empty_files(session: Session, request: SignatureRequest) -> None:
    """Empty the files and leave their rows and hashes: a copy can still be recognised, and ours can't be read."""
    scans = select(PaperSignature.scan_id).where(PaperSignature.request_id == request.id)
    gone = (StoredFile.id == request.file_id) | StoredFile.id.in_(scans)
    session.execute(update(StoredFile).where(gone).values(content=b""))
