"""What the worker freezes and signs: signatures with an authority's timestamp, those of a batch, conventions sent together."""

from sqlalchemy.orm import Session

from pfmp_saas.campaigns import sendings
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.signing import batches, carrying
from pfmp_saas.signing.sealing import SealMeans, close_document, seal_act
from pfmp_saas.workflows.context import Around


def seal(session: Session, item: DueItem, around: Around) -> None:
    """Put a recorded signature into its document, with an authority's time."""
    seal_act(session, item.subject_id, _means(around), around.now)


def carry(session: Session, item: DueItem, around: Around) -> None:
    """Carry over a signature given on an earlier version, where its signer did not oppose it in time."""
    carrying.carry(session, item, _means(around).kek, around.now)


def close(session: Session, item: DueItem, around: Around) -> None:
    """Close a document that all have signed, with an authority's time."""
    close_document(session, item.subject_id, _means(around), around.now)


def sign_batch_item(session: Session, item: DueItem, around: Around) -> None:
    """Sign one of the documents that somebody chose to sign together."""
    batches.sign_item(session, item.subject_id, _means(around).kek, around.now)


def send_item(session: Session, item: DueItem, around: Around) -> None:
    """Send one of the conventions that somebody sent together."""
    means = _means(around)
    sendings.send_item(
        session,
        item.subject_id,
        kek=means.kek,
        base_url=around.base_url,
        timestamped=means.authority is not None,
        now=around.now,
    )


def _means(around: Around) -> SealMeans:
    if around.means is None:
        raise LookupError("sealing is the worker's")
    return around.means
