"""Measures, colours and paragraph styles; one place decides how every document looks."""

from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from pfmp_saas.documents.fonts import BOLD, ITALIC, REGULAR

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 45.0
TOP = 50.0
FIRST_TOP = 32.0
BOTTOM = 45.0
WIDTH = PAGE_WIDTH - 2 * MARGIN

INK: Color = HexColor("#1b1f27")
QUIET: Color = HexColor("#4d5666")
BLUE: Color = HexColor("#12386b")
TINT: Color = HexColor("#e9eff7")
LINE: Color = HexColor("#b4bdca")
WHITE: Color = HexColor("#ffffff")


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    base: dict[str, Any] = {
        "fontName": REGULAR,
        "bulletFontName": REGULAR,
        "textColor": INK,
        "allowWidows": 0,
        "allowOrphans": 0,
        "splitLongWords": 1,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **(base | more))


_NORMAL = {
    "body": _style("body", 9.4, 12, spaceAfter=4),
    "strong": _style("strong", 9.6, 12.6, fontName=BOLD, spaceBefore=4, spaceAfter=4),
    "lead": _style("lead", 10.4, 13.6, fontName=BOLD, spaceBefore=5, spaceAfter=5),
    "note": _style("note", 8.2, 10.4, fontName=ITALIC, textColor=QUIET, spaceBefore=2, spaceAfter=6),
    "bullet": _style("bullet", 9.4, 12, leftIndent=12, bulletIndent=2, spaceAfter=1.8),
    "title": _style("title", 17, 20.5, fontName=BOLD, textColor=BLUE, spaceBefore=2, spaceAfter=2),
    "subtitle": _style("subtitle", 9.6, 12.6, textColor=QUIET, spaceAfter=7),
    "part": _style("part", 15, 18.5, fontName=BOLD, textColor=BLUE, spaceBefore=8, spaceAfter=3),
    "h1": _style("h1", 10.6, 13.4, fontName=BOLD, textColor=BLUE, spaceBefore=6.4, spaceAfter=2.4),
    "h2": _style("h2", 10, 12.6, fontName=BOLD, textColor=BLUE, spaceBefore=6, spaceAfter=2.4),
    "h3": _style("h3", 9.6, 12.6, fontName=BOLD, spaceBefore=5, spaceAfter=2),
    "panel": _style("panel", 10, 12.6, fontName=BOLD, textColor=BLUE),
    "field": _style("field", 9.4, 12),
    "cell": _style("cell", 9.2, 11.8),
    "cell_title": _style("cell_title", 9.2, 11.8, fontName=BOLD, textColor=BLUE),
    "box": _style("box", 12.5, 13, alignment=1, textColor=BLUE),
    "sign_title": _style("sign_title", 8.8, 10.8, fontName=BOLD, textColor=BLUE),
    "sign_person": _style("sign_person", 8.8, 11),
    "band": _style("band", 14, 17, fontName=BOLD, textColor=WHITE),
    "letterhead": _style("letterhead", 9.4, 12),
    "band_line": _style("band_line", 8.8, 11.2, textColor=WHITE),
}


def _denser(style: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle(
        f"{style.name}.dense",
        parent=style,
        fontSize=style.fontSize * 0.89,
        leading=style.leading * 0.86,
        spaceBefore=style.spaceBefore * 0.6,
        spaceAfter=style.spaceAfter * 0.6,
    )


STYLES = _NORMAL | {f"{name}.dense": _denser(style) for name, style in _NORMAL.items()}
