"""One act: one PAdES signature in the field that was placed for it, as one more revision of the file."""

import hashlib
from datetime import datetime

from pyhanko.pdf_utils.misc import PdfError

from pfmp_saas.documents.sealing import writer
from pfmp_saas.documents.sealing.appearance import form
from pfmp_saas.documents.sealing.authority import OneTimeKey
from pfmp_saas.documents.sealing.drawn import Appearance, CarriedAppearance, PaperAppearance
from pfmp_saas.documents.sealing.objects import reference
from pfmp_saas.documents.sealing.revision import Revision
from pfmp_saas.documents.sealing.values import SealingError


def sign_field(
    pdf: bytes,
    field: str,
    identity: OneTimeKey,
    *,
    now: datetime,
    appearance: Appearance | PaperAppearance | CarriedAppearance,
    reason: str | None = None,
    location: str | None = None,
    stamp: writer.Stamper | None = None,
) -> bytes:
    """Sign a certified file in one of its empty fields; return the file with one revision more.

    ``now`` is UTC and must lie in the certificate's hour of life. The key of ``identity`` is spent.
    With ``stamp`` the signature carries an authority's time (PAdES B-T); what it raises passes through.
    Raises NoSuchField, FieldTaken, or SealingError for a file that was not certified here.
    """
    revision = Revision(pdf, field)
    signature = writer.signature_object(
        identity, now, appearance.name, reason, location, stamped=stamp is not None
    )
    left, bottom, right, top = revision.box
    revision.fill(signature, form(appearance, right - left, top - bottom, reference(revision.font)))
    return writer.fill(revision, signature, identity, stamp)


def frozen_revision(pdf: bytes) -> bytes:
    """Return the certified bytes: the file as it was frozen, before any signer's signature.

    Raises SealingError when the file carries no certification.
    """
    update = writer.open_for_update(pdf)
    try:
        _, _, start, length = (int(number) for number in update.catalogue["/Perms"]["/DocMDP"]["/ByteRange"])
    except (PdfError, KeyError, TypeError, ValueError) as error:
        raise SealingError("ce fichier n’a pas été figé par le service") from error
    return pdf[: start + length]


def frozen_hash(pdf: bytes) -> str:
    """Return the SHA-256, in hexadecimal, of the document that a signer sees; later signatures do not change it."""
    return hashlib.sha256(frozen_revision(pdf)).hexdigest()
