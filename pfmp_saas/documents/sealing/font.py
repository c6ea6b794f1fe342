"""The font of signature appearances: embedded once, when the file is certified, so that a signature adds only words."""

import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import font_source_sans_pro
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from reportlab.pdfbase.ttfonts import TTFontFile, makeToUnicodeCMap

from pfmp_saas.documents.sealing.drawn import writable
from pfmp_saas.documents.sealing.objects import (
    Dictionary,
    Reference,
    array,
    dictionary,
    integer,
    integers,
    name,
    stream,
    text,
)

# Latin letters of Europe and Vietnam, and French punctuation: the names that people bear here.
_RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x1EA0, 0x1EF9), (0x2013, 0x2014), (0x2018, 0x201E))
_NAME = "/PFMPAA+SourceSansPro-Regular"
_OTHERS = (0x2026, 0x202F, 0x20AC)


@dataclass(frozen=True)
class Face:
    """A font subset: glyph and width (thousandths of the size) per character, and its objects' raw parts."""

    glyphs: dict[str, int]
    widths: dict[int, int]
    file: bytes
    file_length: int
    unicode_map: bytes
    metrics: dict[str, int]
    box: tuple[int, ...]

    def encode(self, words: str) -> tuple[str, int]:
        """Return the glyphs of a text in hexadecimal and its width in thousandths of the size."""
        numbers = [self.glyphs[letter] for letter in writable(words, self.glyphs)]
        return "".join(f"{number:04X}" for number in numbers), sum(self.widths[number] for number in numbers)


@cache
def repertoire() -> frozenset[str]:
    """Return the characters that a signature on the page is written with."""
    return frozenset(face().glyphs)


@lru_cache(maxsize=1)
def face() -> Face:
    """Read the font and make the subset; done once per process."""
    file = TTFontFile(str(Path(font_source_sans_pro.font_directory) / "SourceSansPro-Regular.ttf"))
    codes = [code for first, last in _RANGES for code in range(first, last + 1)] + list(_OTHERS)
    codes = [code for code in codes if code in file.charToGlyph]
    glyphs, widths, order = _numbered(file, codes)
    subset = file.makeSubset(codes)
    metrics = {"/Ascent": file.ascent, "/Descent": file.descent, "/CapHeight": file.capHeight}
    return Face(
        glyphs,
        widths,
        zlib.compress(subset, 9),
        len(subset),
        makeToUnicodeCMap("PFMP", [0, *order]).encode("ascii"),
        {key: round(value) for key, value in metrics.items()},
        tuple(round(side) for side in file.bbox),
    )


def _numbered(file: TTFontFile, codes: list[int]) -> tuple[dict[str, int], dict[int, int], list[int]]:
    """Number the glyphs as reportlab's ``makeSubset`` does: in order of first use, after the missing glyph."""
    numbers: dict[int, int] = {file.charToGlyph.get(-1, 0): 0}
    glyphs: dict[str, int] = {}
    widths = {0: round(file.defaultWidth)}
    order: list[int] = []
    for code in codes:
        glyph = file.charToGlyph[code]
        if glyph not in numbers:
            numbers[glyph] = len(numbers)
            order.append(code)
        glyphs[chr(code)] = numbers[glyph]
        widths[numbers[glyph]] = round(file.charWidths[code])
    return glyphs, widths, order


def embed(writer: BasePdfFileWriter) -> Reference:
    """Add the font's five objects to a file; returns the reference of the font."""
    return writer.add_object(
        dictionary(
            {
                "/Type": name("/Font"),
                "/Subtype": name("/Type0"),
                "/BaseFont": name(_NAME),
                "/Encoding": name("/Identity-H"),
                "/DescendantFonts": array([writer.add_object(_descendant(writer))]),
                "/ToUnicode": writer.add_object(stream(face().unicode_map)),
            }
        )
    )


def _descendant(writer: BasePdfFileWriter) -> Dictionary:
    widths = integers(width for _, width in sorted(face().widths.items()))
    system = {"/Registry": text("Adobe"), "/Ordering": text("Identity"), "/Supplement": integer(0)}
    return dictionary(
        {
            "/Type": name("/Font"),
            "/Subtype": name("/CIDFontType2"),
            "/BaseFont": name(_NAME),
            "/CIDSystemInfo": dictionary(system),
            "/FontDescriptor": writer.add_object(_descriptor(writer)),
            "/CIDToGIDMap": name("/Identity"),
            "/W": array([integer(0), widths]),
        }
    )


def _descriptor(writer: BasePdfFileWriter) -> Dictionary:
    numbers = face().metrics | {"/Flags": 4, "/ItalicAngle": 0, "/StemV": 80}
    packed = {"/Filter": name("/FlateDecode"), "/Length1": integer(face().file_length)}
    return dictionary(
        {
            "/Type": name("/FontDescriptor"),
            "/FontName": name(_NAME),
            "/FontBBox": integers(face().box),
            "/FontFile2": writer.add_object(stream(face().file, packed, encoded=True)),
        }
        | {key: integer(value) for key, value in numbers.items()}
    )
