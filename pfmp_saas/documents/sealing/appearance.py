"""The appearance of a signature in its field: name, capacity, date, short fingerprint, in the font embedded at freeze."""

from pyhanko.pdf_utils.generic import StreamObject

from pfmp_saas.documents.sealing.font import face
from pfmp_saas.documents.sealing.objects import Reference, dictionary, name, points, stream
from pfmp_saas.documents.sealing.values import Appearance, PaperAppearance

_MARGIN = 4.0  # points
_LINES = ((9.0, "0.05 0.15 0.35"), (7.5, "0.2 0.2 0.2"), (7.0, "0.2 0.2 0.2"), (6.0, "0.35 0.35 0.35"))
_LEADING = 1.25


def content(shown: Appearance | PaperAppearance, width: float, height: float) -> bytes:
    """Return the content stream for a box of that size in points; long words are set smaller, never cut."""
    shrink = min(1.0, (height - 2 * _MARGIN) / sum(size * _LEADING for size, _ in _LINES))
    parts = [f"q 0.6 w 0.45 0.55 0.7 RG 0.3 0.3 {width - 0.6:.2f} {height - 0.6:.2f} re S"]
    top = height - _MARGIN
    for text, (size, colour) in zip(shown.lines, _LINES, strict=True):
        glyphs, advance = face().encode(text)
        fitted = min(size * shrink, (width - 2 * _MARGIN) * 1000 / max(advance, 1))
        top -= size * shrink * _LEADING
        parts.append(
            f"BT /F {fitted:.2f} Tf {colour} rg {_MARGIN} {top + 2 * shrink:.2f} Td <{glyphs}> Tj ET"
        )
    return ("\n".join(parts) + "\nQ").encode("ascii")


def form(shown: Appearance | PaperAppearance, width: float, height: float, font: Reference) -> StreamObject:
    """Return the appearance as a form XObject over a box of that size, using the font already in the file."""
    entries = {
        "/Type": name("/XObject"),
        "/Subtype": name("/Form"),
        "/BBox": points((0, 0, width, height)),
        "/Resources": dictionary({"/Font": dictionary({"/F": font})}),
    }
    return stream(content(shown, width, height), entries)
