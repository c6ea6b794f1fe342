"""Content blocks to reportlab flowables."""

from dataclasses import dataclass
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak
from reportlab.platypus import Table as Grid

from pfmp_saas.documents import content as c
from pfmp_saas.documents.flowables import Bookmark, Rules, SignatureBox, TickBox, box_top, gap
from pfmp_saas.documents.fonts import REGULAR
from pfmp_saas.documents.markup import Prose, label, paragraph, plain, prose, to_markup
from pfmp_saas.documents.rows import Band, FieldRow, Head, SideBySide, Strip
from pfmp_saas.documents.styles import LINE, PAGE_HEIGHT, TINT, WIDTH

_BOX_GUTTER = 9.0
_BOXES = 3  # signature boxes in a row
_ROOM = 44.0  # points wanted under a heading for what can be parted; what cannot comes whole

_GRID: list[tuple[Any, ...]] = [
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
    ("GRID", (0, 0), (-1, -1), 0.5, LINE),
    ("BACKGROUND", (0, 0), (-1, 0), TINT),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("TOPPADDING", (0, 0), (-1, -1), 1.4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
    ("LEFTPADDING", (0, 0), (-1, -1), 6),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
]

_TIGHT = [("TOPPADDING", (0, 0), (-1, -1), 0.4), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]
_BOX = "☐"
_ROOM_TO_WRITE = "\N{NO-BREAK SPACE}" * 60  # a blank value before printed words


@dataclass(frozen=True)
class Face:
    """The size in which a part is printed: the suffix of its styles, room around fields and after blocks."""

    suffix: str
    pad: float
    gap: float

    def style(self, name: str) -> str:
        """Return the name of a style in this face."""
        return name + self.suffix


NORMAL = Face("", 2.4, 5)
DENSE = Face(".dense", 1.1, 2.5)


class Layout:
    """The layout of one document; it collects bookmarks' keys and signers' places while the document is drawn."""

    def __init__(self, signers: tuple[c.SignerPlace, ...], places: list[c.SignaturePlace]) -> None:
        self._face = NORMAL
        self._signers = signers
        self._places = places
        self._bookmarks = 0

    def bookmark(self, title: str, level: int) -> Bookmark:
        """Return a new entry of the outline."""
        self._bookmarks += 1
        return Bookmark(f"p{self._bookmarks}", title, level)

    def part(self, part: c.Part) -> list[Flowable]:
        """Return a part: its page break, its title, its blocks."""
        shown = f"{part.title} – {part.subtitle}" if part.subtitle else part.title
        flowables: list[Flowable] = [PageBreak()] if part.new_page else []
        flowables.append(self.bookmark(shown, 0))
        if part.show_title:
            flowables += [CondPageBreak(90), plain(part.title, "part")]
        if part.subtitle:
            flowables.append(plain(part.subtitle, "lead"))
        self._face = DENSE if part.dense else NORMAL
        flowables += self.blocks(part.blocks)
        self._face = NORMAL
        return flowables

    def blocks(self, blocks: tuple[c.Block, ...]) -> list[Flowable]:
        """Return every block's flowables, in order."""
        laid = [(block, self._block(block)) for block in blocks]
        story: list[Flowable] = []
        for rank, (block, flowables) in enumerate(laid):
            if isinstance(block, c.Heading):
                following = laid[rank + 1][1] if rank + 1 < len(laid) else []
                story.append(CondPageBreak(_room(flowables[-1], following)))
            story += flowables
        return story

    def _block(self, block: c.Block) -> list[Flowable]:
        laid: list[Flowable]
        match block:
            case c.Text():
                laid = [prose(block.runs, self._face.style(block.style))]
            case c.Bullets():
                laid = bullets(block)
            case c.Fields():
                laid = [*field_rows(block, self._face), gap(self._face.gap)]
            case c.Ticks():
                laid = ticks(block, self._face)
            case c.Table():
                laid = [table(block, self._face), gap(self._face.gap)]
            case c.Heading():
                laid = self._heading(block)
            case c.Panel():
                laid = self._panel(block)
            case c.Signatures():
                laid = self._signatures(block)
        return laid

    def _panel(self, block: c.Panel) -> list[Flowable]:
        strip = Strip(plain(block.title, self._face.style("panel")))
        return [CondPageBreak(70), strip, gap(1), *self.blocks(block.blocks)]

    def _heading(self, block: c.Heading) -> list[Flowable]:
        marks: list[Flowable] = [self.bookmark(block.text, 1)] if block.level == 1 else []
        return [*marks, plain(block.text, self._face.style(f"h{block.level}"))]

    def _signatures(self, block: c.Signatures) -> list[Flowable]:
        rows = [self._row(self._signers[at : at + _BOXES]) for at in range(0, len(self._signers), _BOXES)]
        parted = [item for row in rows for item in (row, gap(_BOX_GUTTER))]
        return [KeepTogether([plain(block.title, "h2"), gap(3), *parted])]

    def _row(self, signers: tuple[c.SignerPlace, ...]) -> Flowable:
        width = (WIDTH - _BOX_GUTTER * (_BOXES - 1)) / _BOXES
        top = max(box_top(signer, width) for signer in signers)
        boxes = [SignatureBox(signer, self._places, width, top) for signer in signers]
        return SideBySide(boxes, _BOX_GUTTER, _BOXES)


def _room(heading: Flowable, following: list[Flowable]) -> float:
    """Return the height of a heading and of what must stand under it on the same page."""
    first = following[0] if following else gap(0)
    height = first.wrap(WIDTH, PAGE_HEIGHT)[1] + 4
    whole = isinstance(first, Prose) and first.whole
    return heading.wrap(WIDTH, PAGE_HEIGHT)[1] + 14 + (height if whole else min(height, _ROOM))


def bullets(block: c.Bullets) -> list[Flowable]:
    """Return a list, or ruled lines when it is empty."""
    if not block.items:
        return [Rules(block.blank_lines), gap(4)] if block.blank_lines else []
    return [paragraph(to_markup(item), "bullet", "•") for item in block.items]


def field_rows(block: c.Fields, face: Face) -> list[Flowable]:
    """Return fields in rows; a wide one takes a whole row, and so does one left alone."""
    rows: list[list[Prose]] = []
    room = 0
    for item in block.items:
        if item.wide or not room:
            rows.append([])
            room = 0 if item.wide else block.columns
        rows[-1].append(_field(item, face))
        room = max(0, room - 1)
    return [FieldRow(row, face.pad) for row in rows]


def _field(item: c.Field, face: Face) -> Prose:
    value = item.value or (_ROOM_TO_WRITE if item.suffix else "")
    words = f"{label(item.label)} {to_markup((c.Run(value, bold=True),))}"
    return paragraph(f"{words} {label(item.suffix)}" if item.suffix else words, face.style("field"))


def ticks(block: c.Ticks, face: Face) -> list[Flowable]:
    """Return boxes to tick, in rows."""
    boxes = [TickBox(prose(item.runs, face.style("field")), checked=item.checked) for item in block.items]
    if len(boxes) == 1:
        return [gap(face.pad), *boxes, gap(face.gap)]
    rows = [boxes[at : at + block.columns] for at in range(0, len(boxes), block.columns)]
    return [gap(face.pad), *(SideBySide(row, 6, block.columns) for row in rows), gap(face.gap)]


def table(block: c.Table, face: Face) -> Flowable:
    """Return a table whose header comes again on each page."""
    whole = sum(column.weight for column in block.columns)
    widths = [WIDTH * column.weight / whole for column in block.columns]
    head = [plain(column.title, face.style("cell_title")) for column in block.columns]
    rows = [
        [_cell(text, face, bold=block.strong_first and not rank) for rank, text in enumerate(row)]
        for row in block.rows
    ]
    rows += [[_cell(text, face, bold=True) for text in block.total]] if block.total else []
    style = _GRID + (_TIGHT if face is DENSE else [])
    return Grid([head, *rows], colWidths=widths, style=style, repeatRows=1, splitInRow=1, hAlign="LEFT")


def _cell(text: str, face: Face, *, bold: bool) -> Prose:
    return plain(text, "box") if text == _BOX else plain(text, face.style("cell"), bold=bold)


def top(letterhead: c.Letterhead, lines: tuple[str, ...]) -> list[Flowable]:
    """Return the head of the first page: the school's letterhead if it has one, then its band."""
    head: list[Flowable] = []
    if letterhead.logo or letterhead.lines:
        head = [Head(letterhead.logo, [plain(line, "letterhead") for line in letterhead.lines]), gap(6)]
    return head + ([band(lines), gap(8)] if any(lines) else [])


def band(lines: tuple[str, ...]) -> Band:
    """Return the school's band: its name large, the other lines small."""
    return Band([plain(line, "band_line" if rank else "band") for rank, line in enumerate(lines)])
