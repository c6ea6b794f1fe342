"""Signatures that the worker writes into documents: with an authority's timestamp, or of a batch."""

from sqlalchemy.orm import Session

from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.signing import batches
from pfmp_saas.signing.sealing import SealMeans, close_document, seal_act
from pfmp_saas.workflows.context import Around


def seal(session: Session, item: DueItem, around: Around) -> None:
    """Put a recorded signature into its document, with an authority's time."""
    seal_act(session, item.subject_id, _means(around), around.now)


def close(session: Session, item: DueItem, around: Around) -> None:
    """Close a document that all have signed, with an authority's time."""
    close_document(session, item.subject_id, _means(around), around.now)


def sign_batch_item(session: Session, item: DueItem, around: Around) -> None:
    """Sign one of the documents that somebody chose to sign together."""
    batches.sign_item(session, item.subject_id, _means(around).kek, around.now)


def _means(around: Around) -> SealMeans:
    if around.means is None:
        raise LookupError("sealing is the worker's")
    return around.means
