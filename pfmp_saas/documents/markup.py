"""Making reportlab's paragraphs of plain text and runs; whatever people typed stays text."""

from copy import copy
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.rl_accel import fp_str
from reportlab.platypus import Flowable, Paragraph
from typing_extensions import override

from pfmp_saas.documents.content import Run, Runs
from pfmp_saas.documents.fonts import ITALIC, REGULAR, repertoire, usual
from pfmp_saas.documents.styles import STYLES

_KEPT_LINES = 12
_REMEMBERED = 4096  # paragraphs; a type has about two hundred
_NBSP = "\N{NO-BREAK SPACE}"
_GLUED = ((" :", ":"), (" ;", ";"), (" ?", "?"), (" !", "!"), (" »", "»"), (" €", "€"), (" %", "%"))


def glue(text: str) -> str:
    """Return ``text`` with the blanks of French punctuation made unbreakable.

    reportlab draws an unbreakable blank as a plain one, so that searching and copying see plain text.
    """
    for pair, mark in _GLUED:
        text = text.replace(pair, _NBSP + mark)
    return text.replace("« ", "«" + _NBSP).replace("n° ", "n°" + _NBSP).replace("N° ", "N°" + _NBSP)


class Prose(Paragraph):
    """A paragraph that remembers how its words were broken into lines, from one document to the next.

    Most of a convention is the same text at the same width each time; parsing and breaking it is most of
    the cost of rendering. Shared shapes are only ever read.
    """

    key: "_Key | None" = None
    _wrapped: float | None = None

    def wrap(self, available: float, height: float) -> tuple[float, float]:
        """Break the words into lines for this width, once: platypus asks several times."""
        if self._wrapped != available:
            shape = _shape(self.key, available) if self.key else None
            if shape is None:
                self._own_words()
                super().wrap(available, height)
            else:
                self.width, self.height, self.blPara, self._wrapWidths = shape
            self._wrapped = available
        return available, float(self.height)

    def _own_words(self) -> None:
        """Give a long paragraph words of its own: reportlab changes them when it splits it."""
        if self.key:
            self.frags, self.key = _parse(self.key).frags, None

    def draw(self) -> None:
        """Draw, or repeat what the same words drew at this width in another document."""
        if not self.key or not usual(self.key[0]):
            super().draw()
            return
        canvas: Any = self.canv
        place = (self.key, self.width)
        if place not in _DRAWN:
            start = canvas.drawn()
            super().draw()
            _remember(place, canvas.drawn_since(start))
        elif _DRAWN[place]:
            canvas.addLiteral(_DRAWN[place])

    @override
    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        """Repeat known drawing at once, without saving the canvas's state, which it leaves as it was."""
        code = _DRAWN.get((self.key, self.width)) if self.key and not _sW else None
        if code:
            canvas.addLiteral(f"q\n{fp_str(1, 0, 0, 1, x, y)} cm\n{code}\nQ")
        else:
            parent: Any = super()
            parent.drawOn(canvas, x, y, _sW)

    @property
    def whole(self) -> bool:
        """Return whether the paragraph is short: it is never parted, so that no sentence of an article runs over two pages."""
        return len(self.blPara.lines) <= _KEPT_LINES

    def shape(self, width: float, height: float) -> "_Shape | None":
        """Return the broken lines and their widths, for another paragraph of the same words; None when long."""
        return (width, height, self.blPara, self._wrapWidths) if self.whole else None

    def split(self, available: float, height: float) -> list[Flowable]:
        """Return nothing for a short paragraph, two parts for a long one."""
        self.wrap(available, height)
        if self.whole:
            return []
        self._wrapped = None  # reportlab forgets the broken lines when it splits
        return super().split(available, height)


_DRAWN: "dict[tuple[_Key, float], str]" = {}
_Key = tuple[str, str, str | None]
_Shape = tuple[float, float, Any, list[float]]


def _remember(place: tuple[_Key, float], code: str) -> None:
    if len(_DRAWN) >= _REMEMBERED:
        _DRAWN.clear()
    _DRAWN[place] = code


def _parse(key: _Key) -> Prose:
    markup, style, bullet = key
    return Prose(markup, STYLES[style], bulletText=bullet)


@lru_cache(maxsize=2048)
def _parsed(key: _Key) -> Prose:
    return _parse(key)


@lru_cache(maxsize=2048)
def _shape(key: _Key, width: float) -> _Shape | None:
    """Return the lines of a short paragraph at this width in points, None for a long one."""
    prose = _parse(key)
    _, height = prose.wrap(width, 1e6)
    return prose.shape(width, height)


@lru_cache(maxsize=_REMEMBERED)
def to_markup(runs: Runs) -> str:
    """Return reportlab's mark-up of ``runs``."""
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = escape(glue(run.text)).replace("\n", "<br/>")
    text = f"<b>{text}</b>" if run.bold else text
    return f"<i>{text}</i>" if run.italic and _slants(run.text) else text


def _slants(text: str) -> bool:
    """Tell whether the italic font has every character; the upright ones have more alphabets."""
    return usual(text) or repertoire(ITALIC).issuperset(text.replace("\n", ""))


def paragraph(markup: str, style: str, bullet: str | None = None) -> Prose:
    """Return a paragraph of reportlab mark-up in one of our styles."""
    key = (markup, style, bullet)
    copied = copy(_parsed(key))
    copied.key = key
    return copied


def prose(runs: Runs, style: str) -> Prose:
    """Return a paragraph of runs; upright where the style is italic and its font lacks a letter."""
    markup = to_markup(runs)
    if STYLES[style].fontName == ITALIC and not all(_slants(run.text) for run in runs):
        markup = f'<font name="{REGULAR}">{markup}</font>'
    return paragraph(markup, style)


def plain(text: str, style: str, *, bold: bool = False) -> Prose:
    """Return a paragraph of plain text."""
    return prose((Run(text, bold=bold),), style)


@lru_cache(maxsize=1024)
def label(text: str) -> str:
    """Return the mark-up of a field's label."""
    return f'<font color="#4d5666">{escape(glue(text))}</font>'
