"""The scan of a signed paper: a PDF, a PNG or a JPEG by its content, whole, of ten megabytes at most."""

import io
import struct
import zlib
from dataclasses import dataclass

from pypdf import PdfReader

from pfmp_saas.core.errors import DomainError
from pfmp_saas.evidence.verify.archive import SCAN_BYTES

FIELD = "scan"
_MISSING = "Choisissez le scan du document signé."
_LARGE = "Ce fichier dépasse 10 Mo. Numérisez en moins fin, ou seulement la page signée."
_KIND = "Ce fichier n’est ni un PDF, ni une image PNG ou JPEG. Numérisez le papier dans l’un de ces formats."
_BROKEN = "Ce fichier est abîmé ou incomplet : il ne s’ouvre pas. Numérisez le papier de nouveau."
_LOCKED = (
    "Ce PDF est protégé par un mot de passe : personne ne pourrait le relire. Enregistrez-le sans protection."
)
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Scan:
    """A file fit to keep: its bytes, its media type, and what ends its name."""

    content: bytes
    media_type: str
    extension: str


def read_scan(content: bytes) -> Scan:
    """Judge a file by its content, never by its name. Raises DomainError beside the field ``scan``."""
    if not content:
        raise _refused(_MISSING)
    if len(content) > SCAN_BYTES:
        raise _refused(_LARGE)
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Scan(content, "application/pdf", "pdf")
    if content.startswith(_PNG):
        _check_png(content)
        return Scan(content, "image/png", "png")
    if content.startswith(b"\xff\xd8\xff"):
        _check_jpeg(content)
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


def _check_png(content: bytes) -> None:
    """Walk the chunks to the end: the first is the header, each has its checksum, nothing follows the last."""
    offset, names = len(_PNG), []
    while offset + 12 <= len(content):
        length = struct.unpack_from(">I", content, offset)[0]
        name, end = content[offset + 4 : offset + 8], offset + 12 + length
        if end > len(content):
            break
        if zlib.crc32(content[offset + 4 : end - 4]) != struct.unpack_from(">I", content, end - 4)[0]:
            break
        names.append(name)
        offset = end
        if name == b"IEND":
            break
    whole = offset == len(content) and names[:1] == [b"IHDR"] and names[-1:] == [b"IEND"]
    if not whole or b"IDAT" not in names:
        raise _refused(_BROKEN)


def _check_jpeg(content: bytes) -> None:
    """Walk the segments to the image's data: a frame stands before it, and the end mark after it."""
    offset, frame = 2, False
    while offset + 4 <= len(content) and content[offset] == 0xFF:
        mark = content[offset + 1]
        if mark == 0xFF:  # fill
            offset += 1
            continue
        frame = frame or (0xC0 <= mark <= 0xCF and mark not in {0xC4, 0xC8, 0xCC})
        if mark == 0xDA:
            if frame and content.rstrip(b"\x00").endswith(b"\xff\xd9"):
                return
            break
        offset += 2 + struct.unpack_from(">H", content, offset + 2)[0]
    raise _refused(_BROKEN)
