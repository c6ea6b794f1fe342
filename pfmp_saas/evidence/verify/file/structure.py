"""A first look at hostile bytes, before any parser: is this a PDF of the plain form that the service makes?

The service writes classic cross-reference tables only. Refusing streams and hybrids here keeps decompression
bombs and shadow tables away from the parser, and bounds its work.
"""

import re

from pfmp_saas.evidence.verify.report import Unreadable

MAX_BYTES = 30 * 1024 * 1024
MAX_REVISIONS = 32
MAX_OBJECTS = 10_000
_MAX_TRAILER = 16 * 1024
_ENTRY = 20  # bytes of one line of a cross-reference table

_END = re.compile(rb"startxref\s{1,4}(\d{1,10})\s{1,4}%%EOF\s{0,4}\Z")
_PREVIOUS = re.compile(rb"/Prev\s{1,4}(\d{1,10})")


def table_offsets(pdf: bytes) -> tuple[int, ...]:
    """Return the offset of every revision's cross-reference table, oldest first; raises Unreadable."""
    if len(pdf) > MAX_BYTES:
        raise Unreadable("le fichier dépasse 30 Mo")
    if not pdf.startswith(b"%PDF-"):
        raise Unreadable("ce n’est pas un fichier PDF")
    end = _END.search(pdf, max(0, len(pdf) - 64))
    if not end:
        raise Unreadable("la fin du PDF est illisible ou suivie d’autres octets")
    return _walk(pdf, int(end[1]))


def _walk(pdf: bytes, offset: int) -> tuple[int, ...]:
    offsets = [offset]
    objects = 0
    while True:
        trailer, size = _table(pdf, offset)
        objects += size
        previous = _PREVIOUS.search(trailer)
        if len(offsets) > MAX_REVISIONS or objects > MAX_OBJECTS:
            raise Unreadable("le PDF compte trop d’objets ou de révisions")
        if not previous:
            return tuple(reversed(offsets))
        if int(previous[1]) >= offset:
            raise Unreadable("les révisions du PDF ne se suivent pas")
        offset = int(previous[1])
        offsets.append(offset)


def _table(pdf: bytes, offset: int) -> tuple[bytes, int]:
    """Return the trailer after the table at an offset, and about how many entries the table has."""
    trailer = pdf.find(b"trailer", offset)
    end = pdf.find(b"startxref", trailer)
    if pdf[offset : offset + 4] != b"xref" or trailer < 0 or not 0 < end - trailer < _MAX_TRAILER:
        raise Unreadable("le PDF n’a pas la structure des documents du service")
    text = pdf[trailer:end]
    if b"/XRefStm" in text or b"/Encrypt" in text:
        raise Unreadable("le PDF est chiffré ou de structure hybride")
    return text, (trailer - offset) // _ENTRY
