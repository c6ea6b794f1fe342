"""The scan of a signed paper: a PDF, a PNG or a JPEG, judged by its content; ten megabytes at most, and whole."""

import io
from dataclasses import dataclass

from pypdf import PdfReader

from pfmp_saas.core.errors import DomainError
from pfmp_saas.documents.images import InvalidImage, TooManyPixels, check_whole
from pfmp_saas.evidence.verify.bundle.archive import SCAN_BYTES

FIELD = "scan"
_MISSING = "Choisissez le scan du document signé."
_LARGE = "Ce fichier dépasse 10 Mo. Numérisez en moins fin, ou seulement la page signée."
_KIND = "Ce fichier n’est ni un PDF, ni une image PNG ou JPEG. Numérisez le papier dans l’un de ces formats."
_BROKEN = "Ce fichier est abîmé ou incomplet : il ne s’ouvre pas. Numérisez le papier de nouveau."
_PIXELS = (
    "Cette image a trop de pixels (40 millions au plus). Numérisez en moins fin, ou seulement la page signée."
)
_LOCKED = (
    "Ce PDF est protégé par un mot de passe : personne ne pourrait le relire. Enregistrez-le sans protection."
)
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Scan:
    """A file fit to store: its bytes, its media type, and the extension of its name."""

    content: bytes
    media_type: str
    extension: str


def read_scan(content: bytes) -> Scan:
    """Return a file as a scan fit to store, judged by its content and never by its name.

    Raises DomainError, beside the field ``scan``, for an empty, large, damaged or locked file, another format, or
    an image that would take too much memory to open.
    """
    if not content:
        raise _refused(_MISSING)
    if len(content) > SCAN_BYTES:
        raise _refused(_LARGE)
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Scan(content, "application/pdf", "pdf")
    if content.startswith(_PNG):
        _check_image(content)
        return Scan(content, "image/png", "png")
    if content.startswith(b"\xff\xd8\xff"):
        _check_image(content)
        return Scan(content, "image/jpeg", "jpg")
    raise _refused(_KIND)


def _refused(message: str) -> DomainError:
    return DomainError(message, field=FIELD)


def _check_pdf(content: bytes) -> None:
    try:
        reader = PdfReader(io.BytesIO(content))
        locked, pages = reader.is_encrypted, 0 if reader.is_encrypted else len(reader.pages)
    except Exception as error:  # hostile bytes: a parser raises whatever it likes
        raise _refused(_BROKEN) from error
    if locked:
        raise _refused(_LOCKED)
    if not pages:
        raise _refused(_BROKEN)


def _check_image(content: bytes) -> None:
    try:
        check_whole(content)
    except TooManyPixels as error:
        raise _refused(_PIXELS) from error
    except InvalidImage as error:
        raise _refused(_BROKEN) from error
