"""The few things that reportlab does not draw by itself: bookmarked headings, boxes to sign, ruled lines."""

from reportlab.platypus import Flowable, Spacer

from pfmp_saas.documents.content import SignaturePlace, SignerPlace
from pfmp_saas.documents.markup import Prose, plain
from pfmp_saas.documents.styles import BLUE, LINE, WHITE

BOX_AREA = 56.0
_PAD = 6.0
_INSET = 1.5  # between the dotted line and the signature to come, which has its own frame
_NAME = 160  # characters of a name printed in a box


class Bookmark(Flowable):
    """An entry of the document's outline, at ``level`` 0 or 1; it draws nothing on the page."""

    def __init__(self, key: str, title: str, level: int) -> None:
        super().__init__()
        self.key, self.title, self.level = key, title, level
        self.width = self.height = 0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take no room."""
        return 0, 0

    def draw(self) -> None:
        """Note the place and add the entry; 20 points above, so that the heading shows."""
        self.canv.bookmarkHorizontal(self.key, 0, 20)
        self.canv.addOutlineEntry(self.title, self.key, self.level, closed=0)


class Rules(Flowable):
    """Ruled lines to write on by hand; a page may end between two of them."""

    step = 19.0

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Take all the width there is."""
        self.width, self.height = width, self.step * self.count + 4
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return as many lines as fit, then the others."""
        room = int((height - 4) // self.step)
        if not 0 < room < self.count:
            return []
        parts = [Rules(room), Rules(self.count - room)]
        for part in parts:
            part.wrap(width, height)
        return list(parts)

    def draw(self) -> None:
        """Draw the hairlines."""
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(0.6)
        for rank in range(1, self.count + 1):
            y = self.height - rank * self.step
            self.canv.line(0, y, self.width, y)


class TickBox(Flowable):
    """A box, ticked or not, with its text beside it."""

    def __init__(self, text: Prose, *, checked: bool) -> None:
        super().__init__()
        self.text, self.checked = text, checked
        self.size = text.style.fontSize * 0.9

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the height of the text."""
        _, self.height = self.text.wrap(width - 15, height)
        self.width = width
        return self.width, self.height

    def draw(self) -> None:
        """Draw the box on the first line of the text."""
        canvas, style = self.canv, self.text.style
        size = self.size
        base = self.height - style.leading + (style.leading - size) * 0.55
        canvas.setStrokeColor(BLUE)
        canvas.setFillColor(BLUE if self.checked else WHITE)
        canvas.setLineWidth(0.9)
        canvas.roundRect(0.6, base, size, size, 1.4, stroke=1, fill=1)
        if self.checked:
            canvas.setStrokeColor(WHITE)
            canvas.setLineWidth(1.4)
            left, low, right = 0.6 + size * 0.22, 0.6 + size * 0.43, 0.6 + size * 0.79
            foot = base + size * 0.24
            canvas.lines([(left, base + size * 0.5, low, foot), (low, foot, right, base + size * 0.77)])
        self.text.drawOn(canvas, 15, 0)


class SignatureBox(Flowable):
    """The box in which one person signs: capacity, printed name, and an empty area whose place is noted."""

    def __init__(self, signer: SignerPlace, places: list[SignaturePlace], width: float, top: float) -> None:
        super().__init__()
        self.signer, self.places = signer, places
        self.width, self.top = width, top
        self.height = top + BOX_AREA + _PAD

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take a fixed size, the same for every box of a row."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the frame and the words, then note the place in page coordinates."""
        canvas = self.canv
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.8)
        canvas.roundRect(0, 0, self.width, self.height, 3, stroke=1, fill=0)
        y = self.height - 4
        for words in box_words(self.signer):
            _, height = words.wrap(self.width - 2 * _PAD, 1000)
            y -= height
            words.drawOn(canvas, _PAD, y)
        canvas.setDash(1.2, 2)
        canvas.rect(_PAD / 2, _PAD / 2, self.width - _PAD, BOX_AREA, stroke=1, fill=0)
        canvas.setDash()
        x, bottom = canvas.absolutePosition(_PAD / 2, _PAD / 2)
        right, top = x + self.width - _PAD, bottom + BOX_AREA
        corners = (x + _INSET, bottom + _INSET, right - _INSET, top - _INSET)
        self.places.append(
            SignaturePlace(self.signer.name, canvas.getPageNumber() - 1, *(round(c, 2) for c in corners))
        )


def box_words(signer: SignerPlace) -> tuple[Prose, ...]:
    """Return the printed words of a signer's box."""
    return (
        plain(signer.label, "sign_title"),
        plain(f"Nom prénom : {_short(signer.person)}", "sign_person"),
        plain("Le :", "sign_person"),
    )


def _short(person: str) -> str:
    """Cut a very long name, so that every box has one size; the document gives the whole name elsewhere."""
    return person if len(person) <= _NAME else person[: _NAME - 1].rstrip() + "…"


def box_top(signer: SignerPlace, width: float) -> float:
    """Return the height that the words of a box take, in points."""
    return sum(words.wrap(width - 2 * _PAD, 1000)[1] for words in box_words(signer)) + 8


def gap(height: float) -> Spacer:
    """Return empty room of that height, in points."""
    return Spacer(1, height)
