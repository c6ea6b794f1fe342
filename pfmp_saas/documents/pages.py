"""Making a PDF of flowables: page size, running header, footer, metadata. The same input gives the same bytes."""

import io
from dataclasses import dataclass
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from pfmp_saas.documents.fonts import REGULAR, declare
from pfmp_saas.documents.styles import (
    BOTTOM,
    FIRST_TOP,
    LINE,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QUIET,
    TOP,
    WIDTH,
)

rl_config.useA85 = 0  # binary streams: a quarter smaller, and no time lost in spelling them in ASCII
_SMALL = 7.8
_TOTAL = "total"


@dataclass(frozen=True)
class Sheet:
    """The texts that every page carries, and the metadata of the file."""

    title: str
    author: str
    running: str
    footer: str


class _CountingCanvas(Canvas):
    """A canvas that draws the number of pages, known only at the end, as one form that every footer refers to.

    It also gives back what was drawn: reportlab has no public way to read it, nor to name fonts beforehand.
    """

    _code: list[str]
    _doc: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declare(self._doc)

    def drawn(self) -> int:
        """Return how many operators this page has so far."""
        return len(self._code)

    def drawn_since(self, start: int) -> str:
        """Return the operators of this page from the ``start``-th on, one a line."""
        return "\n".join(self._code[start:])

    def save(self) -> None:
        self.beginForm(_TOTAL)
        self.setFont(REGULAR, _SMALL)
        self.setFillColor(QUIET)
        self.drawString(0, 0, str(self.getPageNumber() - 1))
        self.endForm()
        super().save()


def build(story: list[Flowable], sheet: Sheet) -> bytes:
    """Return the PDF of ``story``; PDF 1.7, French, without clock or chance."""
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        title=sheet.title,
        author=sheet.author,
        subject=sheet.footer,
        creator="PFMP SaaS",
        producer="PFMP SaaS",
        lang="fr-FR",
        displayDocTitle=1,
        invariant=1,
        pageCompression=1,
    )
    document.addPageTemplates([_template("first", sheet), _template("page", sheet)])
    document.build(story, canvasmaker=_canvas)
    return buffer.getvalue()


def _canvas(*args: Any, **kwargs: Any) -> Canvas:
    canvas: Any = _CountingCanvas(*args, **(kwargs | {"pdfVersion": (1, 7), "initialFontName": REGULAR}))
    canvas.showOutline()
    made: Canvas = canvas
    return made


def _template(name: str, sheet: Sheet) -> PageTemplate:
    """Return the template of a page; the first has no running header and starts higher."""
    height = PAGE_HEIGHT - (FIRST_TOP if name == "first" else TOP) - BOTTOM
    frame = Frame(MARGIN, BOTTOM, WIDTH, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    return PageTemplate(
        name,
        [frame],
        autoNextPageTemplate="page",
        onPage=lambda canvas, _: _header(canvas, sheet),
        onPageEnd=lambda canvas, _: _footer(canvas, sheet),
    )


def _pen(canvas: Canvas) -> None:
    canvas.setFont(REGULAR, _SMALL)
    canvas.setFillColor(QUIET)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)


def _header(canvas: Canvas, sheet: Sheet) -> None:
    if canvas.getPageNumber() == 1 or not sheet.running:
        return
    canvas.saveState()
    _pen(canvas)
    canvas.drawString(MARGIN, PAGE_HEIGHT - 34, _fitted(sheet.running, WIDTH))
    canvas.line(MARGIN, PAGE_HEIGHT - 40, MARGIN + WIDTH, PAGE_HEIGHT - 40)
    canvas.restoreState()


def _footer(canvas: Canvas, sheet: Sheet) -> None:
    """Draw the footer last, so that it is read last."""
    canvas.saveState()
    _pen(canvas)
    canvas.line(MARGIN, 36, MARGIN + WIDTH, 36)
    canvas.drawString(MARGIN, 25, _fitted(sheet.footer, WIDTH - 70))
    _page_number(canvas, canvas.getPageNumber())
    canvas.restoreState()


def _page_number(canvas: Canvas, page: int) -> None:
    words = f"Page {page}/"
    start = MARGIN + WIDTH - stringWidth(words + "00", REGULAR, _SMALL)
    canvas.drawString(start, 25, words)
    canvas.translate(start + stringWidth(words, REGULAR, _SMALL), 25)
    canvas.doForm(_TOTAL)


def _fitted(text: str, width: float) -> str:
    """Return ``text``, cut with an ellipsis if it is wider than ``width`` points."""
    if stringWidth(text, REGULAR, _SMALL) <= width:
        return text
    while text and stringWidth(text + "…", REGULAR, _SMALL) > width:
        text = text[:-1]
    return text.rstrip() + "…"
