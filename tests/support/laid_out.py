"""Where the words of a PDF stand, as poppler sees them: outside the margins, on each other, in a place to sign."""

import re
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from pfmp_saas.documents.content import SignaturePlace

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 841.89, 44.5, 595.28 - 44.5, 20, 841.89 - 20

Word = tuple[float, float, float, float, str]
SLACK = 0.6  # points: poppler rounds


def _word(match: re.Match[str]) -> Word:
    left, top, right, bottom = (float(value) for value in match.groups()[:4])
    return left, top, right, bottom, match.group(5)


def pages(pdf: bytes, tmp_path: Path) -> list[list[Word]]:
    """Words of each page with their boxes, from the top left, as poppler sees them."""
    (tmp_path / "out.pdf").write_bytes(pdf)
    html = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "out.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    word = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    found = [[_word(w) for w in word.finditer(page)] for page in html.split("<page ")[1:]]
    assert sum(map(len, found)) > 500
    return found


def outside(words: Sequence[Word]) -> list[str]:
    return [w[4] for w in words if w[0] < LEFT or w[2] > RIGHT or w[1] < TOP or w[3] > BOTTOM]


def inside(words: Sequence[Word], place: SignaturePlace) -> list[str]:
    """Words that touch a signature's place."""
    low, high = HEIGHT - place.y2, HEIGHT - place.y1
    return [
        w[4]
        for w in words
        if w[0] < place.x2 - SLACK and w[2] > place.x1 + SLACK and w[1] < high - SLACK and w[3] > low + SLACK
    ]


def collisions(words: Sequence[Word]) -> list[tuple[str, str]]:
    """Words that stand on each other: more than a third of a line's height, more than a point wide."""
    found = []
    for a, b in pairwise(sorted(words, key=lambda w: (round(w[1]), w[0]))):
        tall = min(a[3], b[3]) - max(a[1], b[1])
        wide = min(a[2], b[2]) - max(a[0], b[0])
        if wide > 1 and tall > (a[3] - a[1]) / 2:
            found.append((a[4], b[4]))
    return found
