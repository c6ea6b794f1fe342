"""The appearance of a signature in its field: name, capacity, date, short fingerprint, in the font embedded at freeze."""

from pyhanko.pdf_utils.generic import StreamObject

from pfmp_saas.documents.sealing.drawn import Appearance, CarriedAppearance, PaperAppearance, drawn_content
from pfmp_saas.documents.sealing.font import face
from pfmp_saas.documents.sealing.objects import Reference, dictionary, name, points, stream


def form(
    shown: Appearance | PaperAppearance | CarriedAppearance, width: float, height: float, font: Reference
) -> StreamObject:
    """Return the appearance as a form XObject over a box of that size, using the font already in the file."""
    entries = {
        "/Type": name("/XObject"),
        "/Subtype": name("/Form"),
        "/BBox": points((0, 0, width, height)),
        "/Resources": dictionary({"/Font": dictionary({"/F": font})}),
    }
    return stream(drawn_content(shown, width, height, face().encode), entries)
