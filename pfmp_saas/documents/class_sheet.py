"""The printed sheet of a class: one card a pupil, with a QR that opens the pupil's own page; for those without e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.platypus import Flowable, Table

from pfmp_saas.documents.flowables import gap
from pfmp_saas.documents.markup import plain
from pfmp_saas.documents.pages import Sheet, build
from pfmp_saas.documents.styles import LINE, WIDTH

_QR = 96.0
_LEVEL = "M"
"""How much of a QR may be smudged: 15 %."""


@dataclass(frozen=True)
class Card:
    """One pupil's card: the name, what it is about, what to do, and the address that the QR holds."""

    name: str
    about: str
    words: str
    url: str


def render_class_sheet(title: str, subtitle: str, school: str, cards: Sequence[Card]) -> bytes:
    """Return the PDF of a class's cards, each to be cut out."""
    story: list[Flowable] = [plain(title, "title"), plain(subtitle, "subtitle"), gap(8)]
    rows = [
        [_qr(card.url), [plain(card.name, "h2"), plain(card.about, "body"), plain(card.words, "body")]]
        for card in cards
    ]
    grid = Table(rows, colWidths=(_QR + 16, WIDTH - _QR - 16))
    grid.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.6, LINE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    return build([*story, grid], Sheet(title, school, title, school))


def _qr(url: str) -> Drawing:
    widget = QrCodeWidget(url, barLevel=_LEVEL, barBorder=2, barWidth=_QR, barHeight=_QR)
    drawing = Drawing(_QR, _QR)
    drawing.add(widget)
    return drawing
