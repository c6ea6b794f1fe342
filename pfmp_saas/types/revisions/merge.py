"""A base that changed, and a school's type derived from the former one: what comes by itself, what must be chosen."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from pfmp_saas.types.model import Question
from pfmp_saas.types.revisions.content import Content, Piece

_ALIKE = 0.6  # below, two texts are two articles
OURS, THEIRS = "ours", "theirs"
QUESTIONS = "Questionnaire de l’élève"


@dataclass(frozen=True)
class Conflict:
    """A place that both changed. ``key`` names it in a form; a text of None says that this side removed it."""

    key: str
    title: str
    before: str
    ours: str | None
    theirs: str | None


@dataclass(frozen=True)
class Merge:
    """The school's type on the new base, the titles of what came from it, and what the school must choose."""

    content: Content
    taken: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def merged(before: Content, ours: Content, theirs: Content, choices: Mapping[str, str]) -> Merge:
    """Merge the school's ``ours`` with the new base ``theirs``, both from ``before``, the former base.

    What one side only changed is taken. Where both did, ``choices`` says ``ours`` or ``theirs`` by the conflict's key;
    without a choice the school's text stands and the conflict is told.
    """
    merger = _Merger(before, theirs, aligned(before.pieces, theirs.pieces), choices)
    for piece in ours.pieces:
        merger.place(piece)
    merger.arrivals({piece.origin for piece in ours.pieces})
    introduction, questions = merger.evaluation(ours)
    content = replace(
        ours,
        version=theirs.version,
        base_digest=theirs.base_digest,
        pieces=tuple(merger.pieces),
        introduction=introduction,
        questions=questions,
    )
    return Merge(content, tuple(merger.taken), tuple(merger.conflicts))


def aligned(before: Sequence[Piece], after: Sequence[Piece]) -> dict[int, int]:
    """Match the articles of two versions of a base, by number: the same title first, then texts much alike."""
    found: dict[int, int] = {}
    for test in (_same_title, _alike):
        for old_number, old in enumerate(before, start=1):
            free = (n for n in range(1, len(after) + 1) if n not in found.values())
            match = next((n for n in free if test(old, after[n - 1])), None)
            if old_number not in found and match is not None:
                found[old_number] = match
    return found


def _same_title(one: Piece, other: Piece) -> bool:
    return bare_title(one) == bare_title(other)


def _alike(one: Piece, other: Piece) -> bool:
    matcher = SequenceMatcher(None, one.text.split(), other.text.split(), autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def bare_title(piece: Piece) -> str:
    """Return a title without its number, which moves."""
    return re.sub(r"(\b[Aa]rticle )\d+", r"\1…", piece.title, count=1)


def _said(piece: Piece | None) -> tuple[str, str] | None:
    return (bare_title(piece), piece.text) if piece else None


@dataclass
class _Merger:
    """What is gathered while the school's articles, then the new base's, are gone through."""

    before: Content
    theirs: Content
    places: Mapping[int, int]
    choices: Mapping[str, str]
    pieces: list[Piece] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def place(self, piece: Piece) -> None:
        """Put one of the school's articles where it goes: as it is, as the new base says, or nowhere."""
        if piece.origin is None:
            self.pieces.append(piece)
            return
        old, number = self.before.pieces[piece.origin - 1], self.places.get(piece.origin)
        new = self.theirs.pieces[number - 1] if number else None
        if _said(piece) == _said(old):
            self._take(new, old)
        elif _said(new) in (_said(old), _said(piece)) or not self._theirs(piece.origin, old, piece, new):
            self.pieces.append(replace(piece, origin=number))
        elif new:
            self.pieces.append(new)

    def _take(self, new: Piece | None, old: Piece) -> None:
        if new:
            self.pieces.append(new)
        if _said(new) != _said(old):
            self.taken.append(new.title if new else f"{old.title} (supprimé)")

    def _theirs(self, origin: int, old: Piece, mine: Piece | None, new: Piece | None) -> bool:
        """Tell whether the new base's text was chosen; without a choice, the conflict is told."""
        key = f"article-{origin}"
        if key not in self.choices:
            texts = (each.text if each else None for each in (mine, new))
            self.conflicts.append(Conflict(key, (mine or new or old).title, old.text, *texts))
        return self.choices.get(key) == THEIRS

    def arrivals(self, kept: Collection[int | None]) -> None:
        """Insert what the new base adds; ask about what the school had removed and the base has changed since."""
        origins = {new: old for old, new in self.places.items()}
        for number, piece in enumerate(self.theirs.pieces, start=1):
            origin = origins.get(number)
            if origin is None:
                self._insert(piece)
                self.taken.append(piece.title)
            elif origin not in kept:
                old = self.before.pieces[origin - 1]
                if _said(old) != _said(piece) and self._theirs(origin, old, None, piece):
                    self._insert(piece)

    def _insert(self, piece: Piece) -> None:
        """Put an article after the last one that precedes it in the new base."""
        ranks = (
            rank
            for rank, each in enumerate(self.pieces, start=1)
            if each.origin is not None and each.origin < (piece.origin or 0)
        )
        self.pieces.insert(max(ranks, default=0), piece)

    def evaluation(self, ours: Content) -> tuple[str, tuple[Question, ...]]:
        """Return the introduction and the questions, as a whole: one side's or the other's."""
        old, mine, new = (_asked(each) for each in (self.before, ours, self.theirs))
        if new in (old, mine):
            return mine
        if mine == old:
            self.taken.append(QUESTIONS)
            return new
        if "questions" not in self.choices:
            self.conflicts.append(Conflict("questions", QUESTIONS, *map(_listed, (old, mine, new))))
        return new if self.choices.get("questions") == THEIRS else mine


def _asked(content: Content) -> tuple[str, tuple[Question, ...]]:
    return content.introduction, content.questions


def _listed(side: tuple[str, tuple[Question, ...]]) -> str:
    return "\n".join((side[0], *(question.text for question in side[1])))
