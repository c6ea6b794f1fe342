"""pyHanko's incremental writer, which here changes only what a signature must change; and the filling of one signature."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import IO, Any, Protocol

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PdfSignedData, SignatureObject

from pfmp_saas.documents.sealing import cms
from pfmp_saas.documents.sealing.authority import OneTimeKey
from pfmp_saas.documents.sealing.values import SealingError

_TOO_LARGE = "l’horodatage est plus grand que la place qui lui est réservée"
Stamper = Callable[[bytes], bytes]
"""From a SHA-256 digest to an RFC 3161 token over it (DER)."""


class QuietWriter(IncrementalPdfFileWriter):
    """An incremental writer that leaves the document's information dictionary as it is.

    pyHanko stamps producer and date at every update: one more object changed by each signature,
    that a strict comparison of revisions would have to excuse.
    """

    def _update_meta(self) -> None:
        """Change no metadata."""

    @property
    def untyped(self) -> Any:
        """Return this writer untyped, for the methods to which pyHanko gives no types."""
        return self

    @property
    def catalogue(self) -> Any:
        """Return the document catalogue, untyped: the caller knows its entries."""
        return self.root


def open_for_update(pdf: bytes) -> QuietWriter:
    """Open a file to add a revision to it; raises SealingError if it can't be read."""
    try:
        return QuietWriter(BytesIO(pdf))
    except (misc.PdfError, ValueError) as error:
        raise SealingError("ce fichier n’est pas un PDF lisible") from error


def signature_object(
    identity: OneTimeKey,
    now: datetime,
    name: str,
    reason: str | None = None,
    location: str | None = None,
    *,
    stamped: bool = False,
) -> SignatureObject:
    """Return an unfilled PAdES signature dictionary; ``now`` (UTC) is the time it claims.

    Room is reserved to the digit, which spares the dry run that pyHanko makes only to learn the size.
    """
    return SignatureObject(
        timestamp=now,
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        location=location,
        bytes_reserved=cms.room(identity.certificate, identity.chain, stamped=stamped),
    )


class Writes(Protocol):
    """What writes a file with its new revision: a pyHanko writer, or an act's revision."""

    def write(self, output: IO[bytes], /) -> None:
        """Write the whole file."""


def fill(
    writer: Writes, signature: SignatureObject, identity: OneTimeKey, stamp: Stamper | None = None
) -> bytes:
    """Write the revision and put into its signature dictionary the CMS made by the one-time key.

    ``stamp`` adds an authority's time over the signature value; what it raises passes through, and nothing is kept.
    """
    untyped: Any = signature
    steps = untyped.fill(writer, "sha256")
    prepared, output = next(steps)
    certificate = identity.certificate
    attributes = cms.signed_attributes(prepared.document_digest, certificate, identity.chain)
    signed = cms.low(identity.sign_once(attributes))
    token = stamp(hashlib.sha256(signed).digest()) if stamp else None
    if token and len(token) > cms.STAMP_ROOM:
        raise SealingError(_TOO_LARGE)
    prepared.fill_with_cms(output, cms.build(attributes, signed, certificate, identity.chain, token))
    return bytes(output.getvalue())


def document_stamp() -> PdfSignedData:
    """Return an unfilled document timestamp."""
    kind: Any = DocumentTimestamp
    unfilled: PdfSignedData = kind(bytes_reserved=2 * cms.STAMP_ROOM)
    return unfilled


def fill_stamp(writer: QuietWriter, signature: PdfSignedData, stamp: Stamper) -> bytes:
    """Write the revision and put into its document timestamp the token over all the rest."""
    steps: Any = signature.fill(writer, "sha256")
    prepared, output = next(steps)
    token = stamp(prepared.document_digest)
    if len(token) > cms.STAMP_ROOM:
        raise SealingError(_TOO_LARGE)
    prepared.fill_with_cms(output, token)
    return bytes(output.getvalue())


def reference(value: generic.PdfObject) -> generic.Reference:
    """Return the reference of an indirect object; raises SealingError for a direct one."""
    if not isinstance(value, generic.IndirectObject):
        raise SealingError("un champ de signature n’est pas un objet indirect")
    return value.reference
