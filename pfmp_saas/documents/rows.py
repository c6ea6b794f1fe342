"""Rows of fields, panel titles, the school's band: light flowables that split when they must."""

import io
from collections.abc import Sequence

from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from pfmp_saas.documents.markup import Prose
from pfmp_saas.documents.styles import BLUE, LINE, TINT

_GUTTER = 14.0
_LEAST = 30.0  # points under which a row is not worth parting


class FieldRow(Flowable):
    """Fields side by side over a hairline, on which a blank value can be written."""

    def __init__(self, cells: Sequence[Prose], pad: float = 2.4) -> None:
        super().__init__()
        self.cells, self.pad = cells, pad

    def _cell_width(self, width: float) -> float:
        return (width - _GUTTER * (len(self.cells) - 1)) / len(self.cells)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the tallest cell's height and the hairline's room."""
        self.width = width
        tall = max(cell.wrap(self._cell_width(width), height)[1] for cell in self.cells)
        self.height = tall + 2 * self.pad
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Split only a value longer than the room left, every cell at the same height."""
        room = height - 2 * self.pad
        parted = [self._parts(cell, self._cell_width(width), room) for cell in self.cells]
        if room < _LEAST or not all(parted) or all(len(parts) < 2 for parts in parted):
            return []
        first = [part for parts in parted for part in parts[:1] if isinstance(part, Prose)]
        rest = [part for parts in parted for part in parts[1:] if isinstance(part, Prose)]
        return [FieldRow(first, self.pad), FieldRow(rest, self.pad)]

    def _parts(self, cell: Prose, width: float, room: float) -> list[Flowable]:
        fits = cell.wrap(width, room)[1] <= room
        return [cell] if fits else cell.split(width, room)

    def draw(self) -> None:
        """Draw the cells from the top, then the hairline."""
        step = self._cell_width(self.width) + _GUTTER
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(0.5)
        for rank, cell in enumerate(self.cells):
            cell.drawOn(self.canv, rank * step, self.height - self.pad - cell.height)
            self.canv.line(rank * step, 0.6, rank * step + step - _GUTTER, 0.6)


class Strip(Flowable):
    """Words on a tinted strip, with a blue edge: the title of a panel."""

    def __init__(self, words: Prose) -> None:
        super().__init__()
        self.words = words

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the words' height and some air."""
        self.width, self.height = width, self.words.wrap(width - 16, height)[1] + 6
        return width, self.height

    def draw(self) -> None:
        """Draw the tint, the edge, the words."""
        self.canv.setFillColor(TINT)
        self.canv.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        self.canv.setFillColor(BLUE)
        self.canv.rect(0, 0, 3, self.height, stroke=0, fill=1)
        self.words.drawOn(self.canv, 10, 3.4)


class Band(Flowable):
    """The school's name and address in white on blue, at the head of the document."""

    pad = 10.0

    def __init__(self, lines: Sequence[Prose]) -> None:
        super().__init__()
        self.lines = lines

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the height of the lines."""
        inner = width - 2 * self.pad - 4
        self.width = width
        self.height = sum(line.wrap(inner, height)[1] for line in self.lines) + 2 * self.pad - 3
        return width, self.height

    def draw(self) -> None:
        """Draw the blue, then the lines from the top."""
        self.canv.setFillColor(BLUE)
        self.canv.roundRect(0, 0, self.width, self.height, 4, stroke=0, fill=1)
        y = self.height - self.pad + 2
        for line in self.lines:
            y -= line.height
            line.drawOn(self.canv, self.pad + 4, y)


class Head(Flowable):
    """The letterhead above the school's band: a logo in its proportions, and a few lines at its right."""

    tallest, widest, gutter = 56.0, 80.0, 12.0

    def __init__(self, logo: bytes, lines: Sequence[Prose]) -> None:
        super().__init__()
        self.lines = lines
        self.image = ImageReader(io.BytesIO(logo)) if logo else None
        wide, tall = self.image.getSize() if self.image else (1, 1)
        scale = min(self.widest / wide, self.tallest / tall)
        self.logo = (wide * scale, tall * scale) if logo else (0.0, 0.0)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the height of the logo or of the lines, whichever is taller."""
        self.left = self.logo[0] + self.gutter if self.image else 0.0
        self.text = sum(line.wrap(width - self.left, height)[1] for line in self.lines)
        self.height = max(self.text, self.logo[1])
        return width, self.height

    def draw(self) -> None:
        """Draw the logo and the lines, both in the middle of the height."""
        if self.image:
            place = (self.height - self.logo[1]) / 2
            self.canv.drawImage(self.image, 0, place, *self.logo, mask="auto")
        y = (self.height + self.text) / 2
        for line in self.lines:
            y -= line.height
            line.drawOn(self.canv, self.left, y)


class SideBySide(Flowable):
    """Flowables in a row of ``places`` equal places, from the left."""

    def __init__(self, items: Sequence[Flowable], gutter: float, places: int) -> None:
        super().__init__()
        self.items, self.gutter, self.places = items, gutter, places

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the tallest item's height."""
        share = (width - self.gutter * (self.places - 1)) / self.places
        self.height = max(item.wrap(share, height)[1] for item in self.items)
        self.width = width
        return width, self.height

    def draw(self) -> None:
        """Draw each item, its top at the row's top."""
        x = 0.0
        for item in self.items:
            item.drawOn(self.canv, x, self.height - item.height)
            x += item.width + self.gutter
