"""pyHanko's reader with a meter: hostile bytes can ask for a bounded amount of work, and no more.

Two things can run away. Parsing goes token by token, so counting reads bounds it. The difference analysis lists
every path to every object, of which a small file can hold billions, so counting what it visits bounds it.
"""

import logging
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


def _metered_file(pdf: bytes) -> BytesIO:
    """Return the bytes for the parser; reading raises Unreadable once the parser has asked too often.

    A closure over the stream's own method: this is called for every token, and a method costs twice as much.
    """
    file: Any = _MeteredFile(pdf)
    plain, left = file.read, MAX_READS

    def read(size: int | None = -1, /) -> bytes:
        nonlocal left
        left -= 1
        if left < 0:
            raise Unreadable("le PDF est d’une structure démesurée")
        found: bytes = plain(size)
        return found

    file.read = read
    return cast("BytesIO", file)


class _MeteredFile(BytesIO):
    """A stream that can be given another ``read``."""


class MeteredReader(PdfFileReader):
    """A strict reader whose every revision counts the values that are visited through it."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(_metered_file(pdf), strict=True)
        self.left = MAX_VISITS

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """Return the file as it was in one revision, metered."""
        known: dict[int, HistoricalResolver] = self._historical_resolver_cache
        if revision not in known:
            if not 0 <= revision < self.xrefs.total_revisions:
                raise Unreadable("la révision demandée n’existe pas")
            known[revision] = _MeteredResolver(self, revision)
        return known[revision]

    def visit(self, weight: int) -> None:
        """Count values visited; raises Unreadable when they are too many."""
        self.left -= weight
        if self.left < 0:
            raise Unreadable("le PDF est d’une structure démesurée")


class _MeteredResolver(HistoricalResolver):
    """One revision; each object weighs as many values as it holds."""

    def __init__(self, reader: MeteredReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._meter = reader
        self._weights: dict[generic.Reference, int] = {}

    def get_object(self, ref: generic.Reference, as_metadata_stream: bool = False) -> Any:
        """Return an object, and count it."""
        found = super().get_object(ref, as_metadata_stream=as_metadata_stream)
        weight = self._weights.get(ref)
        if weight is None:
            weight = self._weights[ref] = _weight(found)
        self._meter.visit(weight)
        return found


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
