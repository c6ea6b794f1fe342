"""Content blocks to reportlab flowables."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak
from reportlab.platypus import Table as Grid

from pfmp_saas.documents import content as c
from pfmp_saas.documents.flowables import Bookmark, Rules, SignatureBox, TickBox, box_top, gap
from pfmp_saas.documents.markup import Prose, label, paragraph, plain, prose, to_markup
from pfmp_saas.documents.rows import Band, FieldRow, SideBySide, Strip
from pfmp_saas.documents.styles import LINE, PAGE_HEIGHT, TINT, WIDTH

_BOX_GUTTER = 9.0
_BOXES = 3  # signature boxes in a row
_ROOM = 44.0  # points wanted under a heading for what can be parted; what cannot comes whole

_GRID: list[tuple[Any, ...]] = [
    ("GRID", (0, 0), (-1, -1), 0.5, LINE),
    ("BACKGROUND", (0, 0), (-1, 0), TINT),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("TOPPADDING", (0, 0), (-1, -1), 1.4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
    ("LEFTPADDING", (0, 0), (-1, -1), 6),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
]


class Layout:
    """Lays out one document; keeps its bookmarks' keys and the signers' places while it is drawn."""

    def __init__(self, signers: tuple[c.SignerPlace, ...], places: list[c.SignaturePlace]) -> None:
        self._signers = signers
        self._places = places
        self._bookmarks = 0

    def bookmark(self, title: str, level: int) -> Bookmark:
        """A new entry of the outline."""
        self._bookmarks += 1
        return Bookmark(f"p{self._bookmarks}", title, level)

    def part(self, part: c.Part) -> list[Flowable]:
        """A part: its page break, its title, its blocks."""
        shown = f"{part.title} – {part.subtitle}" if part.subtitle else part.title
        found: list[Flowable] = [PageBreak()] if part.new_page else []
        found.append(self.bookmark(shown, 0))
        if part.show_title:
            found += [CondPageBreak(90), plain(part.title, "part")]
        if part.subtitle:
            found.append(plain(part.subtitle, "lead"))
        return found + self.blocks(part.blocks)

    def blocks(self, blocks: tuple[c.Block, ...]) -> list[Flowable]:
        """Every block's flowables, in order."""
        laid = [(block, self._block(block)) for block in blocks]
        found: list[Flowable] = []
        for rank, (block, flowables) in enumerate(laid):
            if isinstance(block, c.Heading):
                following = laid[rank + 1][1] if rank + 1 < len(laid) else []
                found.append(CondPageBreak(_room(flowables[-1], following)))
            found += flowables
        return found

    def _block(self, block: c.Block) -> list[Flowable]:  # noqa: PLR0911 - one per kind of block
        match block:
            case c.Text():
                return [prose(block.runs, block.style)]
            case c.Bullets():
                return bullets(block)
            case c.Fields():
                return [*field_rows(block.items), gap(5)]
            case c.Ticks():
                return ticks(block)
            case c.Table():
                return [table(block), gap(6)]
            case c.Heading():
                return self._heading(block)
            case c.Panel():
                title: list[Flowable] = [CondPageBreak(70), Strip(plain(block.title, "panel")), gap(1)]
                return title + self.blocks(block.blocks)
            case c.Signatures():
                return self._signatures(block)

    def _heading(self, block: c.Heading) -> list[Flowable]:
        marks: list[Flowable] = [self.bookmark(block.text, 1)] if block.level == 1 else []
        return [*marks, plain(block.text, f"h{block.level}")]

    def _signatures(self, block: c.Signatures) -> list[Flowable]:
        rows = [self._row(self._signers[at : at + _BOXES]) for at in range(0, len(self._signers), _BOXES)]
        parted = [item for row in rows for item in (row, gap(_BOX_GUTTER))]
        return [KeepTogether([plain(block.title, "h2"), gap(3), *parted])]

    def _row(self, signers: tuple[c.SignerPlace, ...]) -> Flowable:
        width = (WIDTH - _BOX_GUTTER * (_BOXES - 1)) / _BOXES
        top = max(box_top(signer, width) for signer in signers)
        boxes = [SignatureBox(signer, self._places, width, top) for signer in signers]
        return SideBySide(boxes, _BOX_GUTTER)


def _room(heading: Flowable, following: list[Flowable]) -> float:
    """Height of a heading and of what must stand under it on the same page."""
    first = following[0] if following else gap(0)
    height = first.wrap(WIDTH, PAGE_HEIGHT)[1] + 4
    whole = isinstance(first, Prose) and first.whole
    return heading.wrap(WIDTH, PAGE_HEIGHT)[1] + 14 + (height if whole else min(height, _ROOM))


def bullets(block: c.Bullets) -> list[Flowable]:
    """A list, or ruled lines when it is empty."""
    if not block.items:
        return [Rules(block.blank_lines), gap(4)] if block.blank_lines else []
    return [paragraph(to_markup(item), "bullet", "•") for item in block.items]


def field_rows(items: Sequence[c.Field]) -> list[Flowable]:
    """Fields two to a row; a wide one, or one left alone, takes the whole row."""
    rows: list[list[Prose]] = []
    open_row = False
    for item in items:
        cell = _field(item)
        if open_row and not item.wide:
            rows[-1].append(cell)
            open_row = False
        else:
            rows.append([cell])
            open_row = not item.wide
    return [FieldRow(row) for row in rows]


def _field(item: c.Field) -> Prose:
    words = f"{label(item.label)} {to_markup((c.Run(item.value, bold=True),))}"
    return paragraph(f"{words} {label(item.suffix)}" if item.suffix else words, "field")


def ticks(block: c.Ticks) -> list[Flowable]:
    """Boxes to tick."""
    boxes = [TickBox(prose(item.runs, "field"), checked=item.checked) for item in block.items]
    shown: list[Flowable] = list(boxes) if block.stacked or len(boxes) == 1 else [SideBySide(boxes, 6)]
    return [gap(3), *shown, gap(5)]


def table(block: c.Table) -> Flowable:
    """A table whose header comes again on each page."""
    whole = sum(column.weight for column in block.columns)
    widths = [WIDTH * column.weight / whole for column in block.columns]
    head = [plain(column.title, "cell_title") for column in block.columns]
    rows = [[plain(text, "cell", bold=not rank) for rank, text in enumerate(row)] for row in block.rows]
    rows += [[plain(text, "cell", bold=True) for text in block.total]] if block.total else []
    return Grid([head, *rows], colWidths=widths, style=_GRID, repeatRows=1, splitInRow=1, hAlign="LEFT")


def band(lines: tuple[str, ...]) -> Band:
    """The school's band: its name large, the other lines small."""
    return Band([plain(line, "band_line" if rank else "band") for rank, line in enumerate(lines)])
