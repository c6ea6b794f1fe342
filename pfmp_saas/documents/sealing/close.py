"""The closing: validation data for the long term, and a document timestamp over the whole file."""

from collections.abc import Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfError

from pfmp_saas.documents.sealing import writer
from pfmp_saas.documents.sealing.names import CLOSING
from pfmp_saas.documents.sealing.objects import array, name, stream
from pfmp_saas.documents.sealing.values import FieldTaken, NoSuchField, SealingError


def close(
    pdf: bytes,
    certificates: Sequence[x509.Certificate],
    lists: Sequence[x509.CertificateRevocationList],
    stamp: writer.Stamper,
) -> bytes:
    """Add certificates, revocation lists and an authority's time over all of it to a file frozen for timestamps.

    Raises FieldTaken if it is closed already, NoSuchField or SealingError if it was not frozen for timestamps; what
    ``stamp`` raises passes through.
    """
    update = writer.open_for_update(pdf)
    field = _closing_field(update)
    stamped = writer.document_stamp()
    try:
        store = update.catalogue["/DSS"]
        store[name("/Certs")] = array(update.add_object(stream(data)) for data in _ordered(certificates))
        store[name("/CRLs")] = array(update.add_object(stream(data)) for data in _ordered(lists))
        update.mark_update(writer.reference(update.catalogue.raw_get("/DSS")))
        filled: Any = field.get_object()
        filled[name("/V")] = update.add_object(stamped)
        update.mark_update(field)
    except (PdfError, KeyError) as error:
        raise SealingError("ce fichier n’a pas été figé par le service") from error
    return writer.fill_stamp(update, stamped, stamp)


def _closing_field(update: writer.QuietWriter) -> Reference:
    for entry in update.catalogue["/AcroForm"]["/Fields"]:
        field = entry.get_object()
        if field.get("/T") == CLOSING:
            if "/V" in field:
                raise FieldTaken("le document est déjà clos")
            return writer.reference(entry)
    raise NoSuchField("le document n’a pas été figé pour être clos")


def _ordered(values: Sequence[x509.Certificate] | Sequence[x509.CertificateRevocationList]) -> list[bytes]:
    return sorted({each.public_bytes(Encoding.DER) for each in values})
