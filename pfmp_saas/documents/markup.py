"""Plain text and runs to reportlab's paragraphs; whatever people typed stays text."""

from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.platypus import Flowable, Paragraph

from pfmp_saas.documents.content import Run, Runs
from pfmp_saas.documents.styles import STYLES

_KEPT_LINES = 12
_NBSP = "\N{NO-BREAK SPACE}"
_GLUED = ((" :", ":"), (" ;", ";"), (" ?", "?"), (" !", "!"), (" »", "»"), (" €", "€"), (" %", "%"))


def glue(text: str) -> str:
    """``text`` with the blanks of French punctuation made unbreakable."""
    for pair, mark in _GLUED:
        text = text.replace(pair, _NBSP + mark)
    return text.replace("« ", "«" + _NBSP).replace("n° ", "n°" + _NBSP).replace("N° ", "N°" + _NBSP)


class Prose(Paragraph):
    """A paragraph whose unbreakable blanks break no line, yet are copied and searched as plain blanks."""

    blPara: Any  # noqa: N815 - reportlab's name for the broken lines
    _known: tuple[float, float, float] | None = None

    def wrap(self, available: float, height: float) -> tuple[float, float]:
        """Break lines once per width: platypus asks several times."""
        if self._known is None or self._known[0] != available:
            self._known = (available, *super().wrap(available, height))
        return self._known[1:]

    @property
    def whole(self) -> bool:
        """A short paragraph is never parted, so that no sentence of an article runs over two pages."""
        return self.blPara is not None and len(self.blPara.lines) <= _KEPT_LINES

    def split(self, available: float, height: float) -> list[Flowable]:
        """Nothing for a short paragraph, two parts for a long one."""
        self.wrap(available, height)
        if self.whole:
            return []
        self._known = None  # reportlab forgets the broken lines when it splits
        return super().split(available, height)

    def drawPara(self, debug: int = 0) -> None:  # noqa: N802 - reportlab's name
        """Draw the lines, with plain blanks in them: lines are broken already."""
        _plain_blanks(self.blPara)
        super().drawPara(debug)


def _plain_blanks(broken: Any) -> None:
    if broken.kind == 0:
        broken.lines = [(line[0], [word.replace(_NBSP, " ") for word in line[1]]) for line in broken.lines]
        return
    for line in broken.lines:
        for word in line.words:
            word.text = word.text.replace(_NBSP, " ")


def to_markup(runs: Runs) -> str:
    """reportlab's mark-up of ``runs``."""
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = escape(glue(run.text)).replace("\n", "<br/>")
    text = f"<b>{text}</b>" if run.bold else text
    return f"<i>{text}</i>" if run.italic else text


def paragraph(markup: str, style: str, bullet: str | None = None) -> Prose:
    """A paragraph of reportlab mark-up in one of our styles."""
    return Prose(markup, STYLES[style], bulletText=bullet)


def prose(runs: Runs, style: str) -> Prose:
    """A paragraph of runs."""
    return paragraph(to_markup(runs), style)


def plain(text: str, style: str, *, bold: bool = False) -> Prose:
    """A paragraph of plain text."""
    return prose((Run(text, bold=bold),), style)


@lru_cache(maxsize=1024)
def label(text: str) -> str:
    """Mark-up of a field's label."""
    return f'<font color="#4d5666">{escape(glue(text))}</font>'
