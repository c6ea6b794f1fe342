"""Articles in Markdown: ``# Article 1 - Title``, paragraphs, lists; nothing else is read."""

import re

from pfmp_saas.types import conditions
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.model import Article
from pfmp_saas.types.templates import OURS, STATUTORY, BlockT, BulletsT, HeadingT, TextT

_HEADING = re.compile(r"^# (?P<heading>.*?\b[Aa]rticle (?P<number>\d+).*)$", re.MULTILINE)
_MARK = "<!-- pfmp -->"


def sources(markdown: str) -> tuple[tuple[str, str], ...]:
    """Return heading and text of each article, as written."""
    heads = list(_HEADING.finditer(markdown))
    ends = [head.start() for head in heads[1:]] + [len(markdown)]
    pairs = zip(heads, ends, strict=True)
    return tuple((head["heading"].strip(), markdown[head.end() : end].strip()) for head, end in pairs)


def parse(markdown: str) -> tuple[Article, ...]:
    """Return the articles of ``markdown``, in order. Raises InvalidType unless numbered from 1 without a gap."""
    heads = list(_HEADING.finditer(markdown))
    ends = [head.start() for head in heads[1:]] + [len(markdown)]
    found = tuple(
        Article(int(head["number"]), head["heading"].strip(), _blocks(markdown[head.end() : end]))
        for head, end in zip(heads, ends, strict=True)
    )
    if [article.number for article in found] != list(range(1, len(found) + 1)):
        raise InvalidType("les articles ne sont pas numérotés de 1 en 1")
    return found


def _blocks(body: str) -> tuple[BlockT, ...]:
    pieces = (piece.strip() for piece in re.split(r"\n\s*\n", body))
    return tuple(_block(piece) for piece in pieces if piece)


def _block(piece: str) -> BlockT:
    origin = OURS if piece.startswith(_MARK) else STATUTORY
    when, piece = conditions.split(piece.removeprefix(_MARK).strip(), "article")
    if piece.startswith("## "):
        return HeadingT(piece[3:], origin=origin)
    if piece.startswith("- "):
        items = re.split(r"^- +", piece, flags=re.MULTILINE)[1:]
        return BulletsT(tuple(" ".join(item.split()) for item in items), origin, when)
    return TextT(" ".join(piece.split()), origin=origin, when=when)
