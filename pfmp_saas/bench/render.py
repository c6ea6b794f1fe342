"""`pfmp bench render`: processor time of one rendering beside plain reportlab, and a campaign on every core."""

import io
import os
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import count as count_from
from typing import Any
from xml.sax.saxutils import escape

import click
from pypdf import PdfReader
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from pfmp_saas.bench.ground import Figure, milliseconds, tell
from pfmp_saas.documents.convention import render as render_pdf
from pfmp_saas.types.compose import compose
from pfmp_saas.types.loader import get_type
from pfmp_saas.types.revisions.preview import sample

_SLUG = "national-2016"
_CHUNK = 25


@click.command()
@click.option("--conventions", "count", default=1000, show_default=True, help="Taille de la campagne.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def render(count: int, *, as_json: bool) -> int:
    """Mesurer la composition du PDF (temps de processeur), puis une campagne entière (horloge)."""
    pdf, ranks = _one(0), count_from(1)
    lines = [line for page in PdfReader(io.BytesIO(pdf)).pages for line in page.extract_text().splitlines()]
    figures = [
        Figure(
            "composer la convention nationale, à chaud", milliseconds(lambda: _one(next(ranks))), limit=20
        ),
        Figure("… reportlab seul, sur le même texte", milliseconds(lambda: _plainly(lines))),
        Figure(
            f"campagne de {count} conventions, {_cores()} cœurs (horloge)", _campaign(count), "s", limit=30
        ),
    ]
    return tell(figures, as_json=as_json)


def _one(rank: int) -> bytes:
    data: dict[str, Any] = {
        **sample(),
        "type": _SLUG,
        "school": {"name": "Lycée de mesure", "uai": "0211033J"},
    }
    data["student"] = {**data["student"], "last_name": f"Fontaine {rank}"}
    return render_pdf(compose(get_type(_SLUG), data)).pdf


def _plainly(lines: list[str]) -> None:
    """Lay the same text out with reportlab's own paragraphs."""
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(io.BytesIO()).build([Paragraph(escape(line), style) for line in lines])


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _campaign(count: int) -> float:
    """Return the seconds that ``count`` different conventions take, starting the processes included."""
    start = time.perf_counter()
    with ProcessPoolExecutor(_cores()) as pool:
        sizes = list(pool.map(_size, range(count), chunksize=_CHUNK))
    assert min(sizes) > 0
    return time.perf_counter() - start


def _size(rank: int) -> int:
    return len(_one(rank))
