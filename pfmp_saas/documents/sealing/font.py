"""The font of signature appearances: embedded once, when the file is certified, so that a signature adds only words."""

import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import font_source_sans_pro
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from reportlab.pdfbase.ttfonts import TTFontFile, makeToUnicodeCMap

# Latin letters of Europe and Vietnam, and French punctuation: the names that people bear here.
_RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x1EA0, 0x1EF9), (0x2013, 0x2014), (0x2018, 0x201E))
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

    def encode(self, text: str) -> tuple[str, int]:
        """Return the glyphs of a text in hexadecimal and its width in thousandths of the size."""
        numbers = [self.glyphs[letter] for letter in _writable(text, self.glyphs)]
        return "".join(f"{number:04X}" for number in numbers), sum(self.widths[number] for number in numbers)


def _writable(text: str, glyphs: dict[str, int]) -> str:
    """Replace what the font lacks by its base letter, or by a question mark."""
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        base = unicodedata.normalize("NFKD", letter)[:1]
        letters.append(letter if letter in glyphs else base if base in glyphs else "?")
    return "".join(letters)


@lru_cache(maxsize=1)
def face() -> Face:
    """Read the font and make the subset; done once per process."""
    file = TTFontFile(str(Path(font_source_sans_pro.font_directory) / "SourceSansPro-Regular.ttf"))
    codes = [code for first, last in _RANGES for code in range(first, last + 1)] + list(_OTHERS)
    codes = [code for code in codes if code in file.charToGlyph]
    glyphs, widths, kept = _numbered(file, codes)
    subset = file.makeSubset(codes)
    metrics = {"/Ascent": file.ascent, "/Descent": file.descent, "/CapHeight": file.capHeight}
    return Face(
        glyphs,
        widths,
        zlib.compress(subset, 9),
        len(subset),
        makeToUnicodeCMap("PFMP", [0, *kept]).encode("ascii"),
        {key: round(value) for key, value in metrics.items()},
        tuple(round(side) for side in file.bbox),
    )


def _numbered(file: TTFontFile, codes: list[int]) -> tuple[dict[str, int], dict[int, int], list[int]]:
    """Number the glyphs as reportlab's ``makeSubset`` does: in order of first use, after the missing glyph."""
    numbers: dict[int, int] = {file.charToGlyph.get(-1, 0): 0}
    glyphs: dict[str, int] = {}
    widths = {0: round(file.defaultWidth)}
    kept: list[int] = []
    for code in codes:
        glyph = file.charToGlyph[code]
        if glyph not in numbers:
            numbers[glyph] = len(numbers)
            kept.append(code)
        glyphs[chr(code)] = numbers[glyph]
        widths[numbers[glyph]] = round(file.charWidths[code])
    return glyphs, widths, kept


def embed(writer: BasePdfFileWriter) -> generic.IndirectObject:
    """Add the font's five objects to a file; returns the reference of the font."""
    name = pdf_name("/PFMPAA+SourceSansPro-Regular")
    descendant = writer.add_object(_descendant(writer, name))
    unicode_map = generic.StreamObject(stream_data=face().unicode_map)
    return writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Font"),
                pdf_name("/Subtype"): pdf_name("/Type0"),
                pdf_name("/BaseFont"): name,
                pdf_name("/Encoding"): pdf_name("/Identity-H"),
                pdf_name("/DescendantFonts"): generic.ArrayObject([descendant]),
                pdf_name("/ToUnicode"): writer.add_object(unicode_map),
            }
        )
    )


def _descendant(writer: BasePdfFileWriter, name: generic.NameObject) -> generic.DictionaryObject:
    widths = [generic.NumberObject(width) for _, width in sorted(face().widths.items())]
    system = {"/Registry": generic.pdf_string("Adobe"), "/Ordering": generic.pdf_string("Identity")}
    return generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/CIDFontType2"),
            pdf_name("/BaseFont"): name,
            pdf_name("/CIDSystemInfo"): generic.DictionaryObject(
                {pdf_name(key): value for key, value in system.items()} | {pdf_name("/Supplement"): generic.NumberObject(0)}
            ),
            pdf_name("/FontDescriptor"): writer.add_object(_descriptor(writer, name)),
            pdf_name("/CIDToGIDMap"): pdf_name("/Identity"),
            pdf_name("/W"): generic.ArrayObject([generic.NumberObject(0), generic.ArrayObject(widths)]),
        }
    )


def _descriptor(writer: BasePdfFileWriter, name: generic.NameObject) -> generic.DictionaryObject:
    numbers = face().metrics | {"/Flags": 4, "/ItalicAngle": 0, "/StemV": 80}
    file = generic.StreamObject(
        dict_data={
            pdf_name("/Filter"): pdf_name("/FlateDecode"),
            pdf_name("/Length1"): generic.NumberObject(face().file_length),
        },
        encoded_data=face().file,
    )
    return generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/FontDescriptor"),
            pdf_name("/FontName"): name,
            pdf_name("/FontBBox"): generic.ArrayObject([generic.NumberObject(side) for side in face().box]),
            pdf_name("/FontFile2"): writer.add_object(file),
        }
        | {pdf_name(key): generic.NumberObject(value) for key, value in numbers.items()}
    )
