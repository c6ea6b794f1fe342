"""What differs between two revisions, word by word."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pfmp_saas.types.revisions.content import Content, Piece, renumbered
from pfmp_saas.types.revisions.shortest import Effort, opcodes


@dataclass(frozen=True)
class Span:
    """A stretch of text: ``kind`` is ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """An article that changed: ``kind`` is ``added``, ``removed`` or ``edited``."""

    kind: str
    title: str
    spans: tuple[Span, ...]


def differences(before: Content, after: Content, effort: Effort) -> tuple[Difference, ...]:
    """Return what ``after`` changes: articles are matched by their number in the base, new ones by title and rank."""
    old, new = _by_identity(before), _by_identity(renumbered(after))
    gone = tuple(
        Difference("removed", piece.title, (Span("removed", piece.text),))
        for key, piece in old.items()
        if key not in new
    )
    return tuple(_changed(old, new, effort)) + gone


def changes(before: Content, after: Content, effort: Effort) -> tuple[Difference, ...]:
    """Return all that ``after`` changes: articles, then what stands beside them, each told in words."""
    told = zip(_beside(before), _beside(after), strict=True)
    others = (
        Difference("edited", title, spans(old, new, effort)) for (title, old), (_, new) in told if old != new
    )
    return (*differences(before, after, effort), *others)


def _beside(content: Content) -> tuple[tuple[str, str], ...]:
    logo = hashlib.sha256(content.logo.encode()).hexdigest()[:16] if content.logo else ""
    own = (
        f"{each.label} ({each.kind}{', obligatoire' if each.required else ''})" for each in content.own_fields
    )
    asked = (content.introduction, *(question.text for question in content.questions))
    return (
        ("Annexes retirées", "\n".join(content.annexes_off)),
        ("En-tête", "\n".join((*content.lines, *([f"logo {logo}"] if logo else [])))),
        ("Ordre des signatures", "\n".join(content.signing_order)),
        ("Contrôles bloquants", "\n".join(content.blocking)),
        ("Champs propres à l’établissement", "\n".join(own)),
        ("Questionnaire de l’élève", "\n".join(asked)),
    )


def _by_identity(content: Content) -> dict[object, Piece]:
    found: dict[object, Piece] = {}
    for piece in content.pieces:
        title = re.sub(r"^[Aa]rticle \d+\W*", "", piece.title)
        rank = sum(1 for key in found if isinstance(key, tuple) and key[0] == title)
        found[piece.origin or (title, rank)] = piece
    return found


def _changed(old: dict[object, Piece], new: dict[object, Piece], effort: Effort) -> Iterator[Difference]:
    for key, piece in new.items():
        if key not in old:
            yield Difference("added", piece.title, (Span("added", piece.text),))
        elif _words_of(old[key]) != _words_of(piece):
            yield Difference("edited", piece.title, spans(_bare(old[key]), _bare(piece), effort))


def _bare(piece: Piece) -> str:
    """Return title and text, the number left out: moving an article is not editing it."""
    return re.sub(r"(\b[Aa]rticle )\d+", r"\1…", piece.title, count=1) + "\n" + piece.text


def _words_of(piece: Piece) -> list[str]:
    return _bare(piece).split()


def spans(before: str, after: str, effort: Effort) -> tuple[Span, ...]:
    """Compare two texts: line by line, then word by word the lines that changed, within ``effort``.

    A passage beyond it is told whole, the old text then the new, and ``effort.cut`` says so.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Span] = []
    for same, a, b, c, d in opcodes(old, new, effort):
        removed, added = "".join(old[a:b]), "".join(new[c:d])
        found += [Span("same", removed)] if same else _words(removed, added, effort)
    return tuple(_joined(found))


def _words(before: str, after: str, effort: Effort) -> Iterator[Span]:
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (before, after))
    for same, a, b, c, d in opcodes(old, new, effort):
        if same:
            yield Span("same", "".join(old[a:b]))
            continue
        if a < b:
            yield Span("removed", "".join(old[a:b]))
        if c < d:
            yield Span("added", "".join(new[c:d]))


def _joined(found: list[Span]) -> Iterator[Span]:
    for kind, run in groupby(found, key=lambda span: span.kind):
        yield Span(kind, "".join(span.text for span in run))
