"""Source Sans Pro, embedded as a subset, registered once per process."""

import zlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace
from typing_extensions import override

REGULAR = "SourceSansPro"
BOLD = "SourceSansPro-Bold"
ITALIC = "SourceSansPro-It"
_FILES = {
    REGULAR: "SourceSansPro-Regular.ttf",
    BOLD: "SourceSansPro-Semibold.ttf",
    ITALIC: "SourceSansPro-It.ttf",
}


# Always embedded, in this order: two documents whose texts hold no rarer character share their fonts.
_REPERTOIRE = "ÀÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜŸàâäæçèéêëîïôöœùûüÿñáíóú«»‘’“”–—•…°€²×→☐·ªº№"


_USUAL = frozenset(_REPERTOIRE) | frozenset(map(chr, range(32, 127))) | {"\N{NO-BREAK SPACE}"}


def usual(text: str) -> bool:
    """Return whether every character of ``text`` has the same code in every document."""
    return _USUAL.issuperset(text)


@cache
def repertoire(name: str = "") -> frozenset[str]:
    """Return the characters that a font draws; without a name those of both upright fonts, in which people's words are set."""
    if not name:
        return repertoire(REGULAR) & repertoire(BOLD)
    face: Any = pdfmetrics.getFont(name)
    return frozenset(chr(code) for code in face.face.charToGlyph if 0x20 <= code < 0xFFFE)


def declare(document: Any) -> None:
    """Give the fonts of a reportlab document their names, always the same ones, before anything is drawn."""
    for name in _FILES:
        font: Any = pdfmetrics.getFont(name)
        font.splitString(" ", document)
        font.getSubsetInternalName(0, document)


class _Face(TTFontFace):
    """A font file that makes and compresses a given subset once per process."""

    @override
    def makeSubset(self, subset: Sequence[Any]) -> bytes:
        """Return the font file with only the glyphs of ``subset``."""
        return _subset(self, tuple(subset))

    @override
    def addSubsetObjects(self, doc: Any, fontname: str, subset: Sequence[Any]) -> Any:
        """Add the objects as reportlab does, but compress the file once per process."""
        parent: Any = super()
        descriptor = parent.addSubsetObjects(doc, fontname, subset)
        doc.idToObject[f"fontFile:{self.filename}({fontname})"].filters = [_ONCE]
        return descriptor

    def plain_subset(self, subset: tuple[int, ...]) -> bytes:
        """Return the subset that reportlab makes, uncached."""
        made: bytes = super().makeSubset(list(subset))
        return made


class _CompressedOnce:
    """reportlab's compression filter, remembering what it made."""

    pdfname = "FlateDecode"

    def encode(self, content: bytes) -> bytes:
        """Return ``content`` compressed."""
        return _compressed(content)


_ONCE = _CompressedOnce()


@lru_cache(maxsize=32)
def _compressed(content: bytes) -> bytes:
    return zlib.compress(content)


@lru_cache(maxsize=32)
def _subset(face: _Face, subset: tuple[int, ...]) -> bytes:
    return face.plain_subset(subset)


class _Font(TTFont):
    """A font whose characters have the same codes in every document, as far as French goes."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self.face = _Face(path)

    @override
    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """Return the codes of ``text`` in this document's subsets; the usual characters take the first codes."""
        if doc not in self.state:
            super().splitString(_REPERTOIRE, doc, encoding)
        codes: list[tuple[int, bytes]] = super().splitString(text, doc, encoding)
        return codes


def register() -> None:
    """Make the fonts known to reportlab; called once, when a renderer is imported."""
    folder = Path(font_source_sans_pro.font_directory)
    for name, file in _FILES.items():
        pdfmetrics.registerFont(_Font(name, str(folder / file)))
    addMapping(REGULAR, 0, 0, REGULAR)
    addMapping(REGULAR, 1, 0, BOLD)
    addMapping(REGULAR, 0, 1, ITALIC)
    addMapping(REGULAR, 1, 1, BOLD)


register()
