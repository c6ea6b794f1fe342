"""pyHanko's reader with bounds: hostile bytes can ask for so much work and no more.

Two things can run away. Parsing goes token by token, so counting reads bounds it. Following references visits what a
small file can hold by the billion, so counting values bounds it.
"""

import binascii
import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any, cast

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from pfmp_saas.evidence.verify.report import Unreadable

# The parser's remarks on a hostile file are no news: without this they reach standard error.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())

# A convention with five signatures takes about a fiftieth of each.
MAX_READS = 1_500_000
MAX_VISITS = 500_000
_LONGEST_HEX = 128 * 1024
_DIGITS_A_READ = 64
_TOO_MUCH = "le PDF est d’une structure démesurée"


class _BoundedFile(BytesIO):
    """A stream that can be given another ``read``, and that reads a string of hexadecimal digits at once."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(pdf)
        self.pdf = pdf
        self.left = MAX_READS

    def spend(self, reads: int) -> None:
        """Count reads; raises Unreadable once the parser has asked too often."""
        self.left -= reads
        if self.left < 0:
            raise Unreadable(_TOO_MUCH)

    def hex_string(self) -> Any:
        """Read the plain hex string that begins here and move behind it; return None and stay in place for any other."""
        start = self.tell()
        end = self.pdf.find(b">", start, start + _LONGEST_HEX)
        try:
            value = binascii.unhexlify(self.pdf[start + 1 : end])
        except ValueError:  # blanks, an odd digit, none at all: the parser's own business
            return None
        self.spend(1 + len(value) // _DIGITS_A_READ)
        self.seek(end + 1)
        return _untyped.pdf_string(value)


def _bounded_file(pdf: bytes) -> BytesIO:
    """Return the bytes for the parser; reading raises Unreadable once the parser has asked too often.

    A closure over the stream's own method: this is called for every token, and a method costs twice as much.
    """
    file: Any = _BoundedFile(pdf)
    plain = file.read

    def read(size: int | None = -1, /) -> bytes:
        file.left -= 1
        if file.left < 0:
            raise Unreadable(_TOO_MUCH)
        read_bytes: bytes = plain(size)
        return read_bytes

    file.read = read
    return cast("BytesIO", file)


def _read_hex(stream: Any) -> Any:
    """Read a hex string at once: pyHanko's own reader asks for each of a signature's six thousand digits in turn."""
    value = stream.hex_string() if isinstance(stream, _BoundedFile) else None
    return _digit_by_digit(stream) if value is None else value


_untyped: Any = generic
_digit_by_digit: Callable[[Any], Any] = _untyped.read_hex_string_from_stream
_untyped.read_hex_string_from_stream = _read_hex


class BoundedReader(PdfFileReader):
    """A strict reader whose every revision counts the values that are visited through it."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(_bounded_file(pdf), strict=True)
        self.left = MAX_VISITS

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """Return the file as it was in one revision, its values counted."""
        known: dict[int, HistoricalResolver] = self._historical_resolver_cache
        if revision not in known:
            if not 0 <= revision < self.xrefs.total_revisions:
                raise Unreadable("la révision demandée n’existe pas")
            known[revision] = _BoundedResolver(self, revision)
        return known[revision]

    def visit(self, weight: int) -> None:
        """Count values visited; raises Unreadable when they are too many."""
        self.left -= weight
        if self.left < 0:
            raise Unreadable(_TOO_MUCH)


class _BoundedResolver(HistoricalResolver):
    """One revision; each object weighs as many values as it holds."""

    def __init__(self, reader: BoundedReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._meter = reader
        self._weights: dict[generic.Reference, int] = {}

    def get_object(self, ref: generic.Reference, as_metadata_stream: bool = False) -> Any:
        """Return an object, and count it."""
        value = super().get_object(ref, as_metadata_stream=as_metadata_stream)
        weight = self._weights.get(ref)
        if weight is None:
            weight = self._weights[ref] = _weight(value)
        self._meter.visit(weight)
        return value


def _weight(value: Any) -> int:
    count, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        count += 1
        if isinstance(item, generic.DictionaryObject):
            waiting += item.values()
        elif isinstance(item, generic.ArrayObject):
            waiting += list(item)
    return count
