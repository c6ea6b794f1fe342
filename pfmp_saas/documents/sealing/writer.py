"""pyHanko's incremental writer, kept from touching what a signature need not touch; and one signature's filling."""

from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from pfmp_saas.documents.sealing import cms
from pfmp_saas.documents.sealing.authority import OneTimeKey
from pfmp_saas.documents.sealing.values import SealingError


class QuietWriter(IncrementalPdfFileWriter):
    """An incremental writer that leaves the document's information dictionary as it is.

    pyHanko stamps producer and date at every update: one more object changed by each signature,
    that a strict comparison of revisions would have to excuse.
    """

    def _update_meta(self) -> None:
        """Change no metadata."""

    @property
    def untyped(self) -> Any:
        """This writer, for the methods to which pyHanko gives no types."""
        return self

    @property
    def catalogue(self) -> Any:
        """The document catalogue, whose entries the caller knows the shapes of."""
        return self.root


def open_for_update(pdf: bytes) -> QuietWriter:
    """Open a file to add a revision to it; raises SealingError if it can't be read."""
    try:
        return QuietWriter(BytesIO(pdf))
    except (misc.PdfError, ValueError) as error:
        raise SealingError("ce fichier n’est pas un PDF lisible") from error


def signature_object(
    identity: OneTimeKey, now: datetime, name: str, reason: str | None = None, location: str | None = None
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
        bytes_reserved=cms.room(identity.certificate, identity.chain),
    )


def fill(writer: QuietWriter, signature: SignatureObject, identity: OneTimeKey) -> bytes:
    """Write the revision and put into its signature dictionary the CMS made by the one-time key."""
    steps: Any = signature.fill(writer, "sha256")
    prepared, output = next(steps)
    certificate = identity.certificate
    attributes = cms.signed_attributes(prepared.document_digest, certificate, identity.chain)
    signed = cms.low(identity.sign_once(attributes))
    prepared.fill_with_cms(output, cms.build(attributes, signed, certificate, identity.chain))
    return bytes(output.getvalue())


def reference(value: generic.PdfObject) -> generic.Reference:
    """Return the reference of an indirect object; raises SealingError for a direct one."""
    if not isinstance(value, generic.IndirectObject):
        raise SealingError("un champ de signature n’est pas un objet indirect")
    return value.reference
