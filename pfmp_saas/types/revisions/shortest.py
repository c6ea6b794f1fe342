"""The shortest way from one sequence to another, looked for within a measure: what a person wrote never sets the cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PAGE, _ONE = 300_000, 100_000


@dataclass
class Effort:
    """The steps that one page may still spend comparing. ``cut`` tells that a passage was not compared to its end."""

    left: int = _PAGE
    cut: bool = False

    def granted(self) -> int:
        """Return the steps that one comparison may take: one passage does not use up the page's."""
        return min(self.left, _ONE)


class _TooFar(Exception):
    """The two sequences differ by more than the steps granted."""


def opcodes(old: Sequence[str], new: Sequence[str], effort: Effort) -> list[tuple[bool, int, int, int, int]]:
    """Return stretches ``(same, a, b, c, d)``: ``old[a:b]`` stands as, or is replaced by, ``new[c:d]``.

    What begins and ends alike is set aside; the rest is compared by Myers's greedy algorithm, or, past the steps that
    ``effort`` grants, told as one replacement.
    """
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    a, c = len(old) - tail, len(new) - tail
    middle = _compared(old[head:a], new[head:c], effort)
    moved = [(same, i + head, j + head, k + head, m + head) for same, i, j, k, m in middle]
    ends = (True, 0, head, 0, head), (True, a, len(old), c, len(new))
    return [each for each in (ends[0], *moved, ends[1]) if each[1] < each[2] or each[3] < each[4]]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _compared(
    old: Sequence[str], new: Sequence[str], effort: Effort
) -> list[tuple[bool, int, int, int, int]]:
    if not old or not new:
        return [(False, 0, len(old), 0, len(new))]
    walk = _Walk(old, new, effort.granted())
    try:
        matches = walk.matches()
    except _TooFar:
        effort.cut = True
        return [(False, 0, len(old), 0, len(new))]
    finally:
        effort.left -= walk.spent
    return list(_stretches(matches, len(old), len(new)))


def _stretches(
    matches: list[tuple[int, int, int]], old: int, new: int
) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield what the matches ``(in old, in new, length)`` cover, and what lies between them."""
    x = y = 0
    for a, b, length in (*matches, (old, new, 0)):
        if (x, y) != (a, b):
            yield False, x, a, y, b
        if length:
            yield True, a, a + length, b, b + length
        x, y = a + length, b + length


class _Walk:
    """Myers's walk: how far each diagonal gets with 0, 1, 2… edits. ``spent`` counts its steps, ``granted`` at most."""

    def __init__(self, old: Sequence[str], new: Sequence[str], granted: int) -> None:
        self.old, self.new, self.granted, self.spent = old, new, granted, 0
        self.rounds: list[dict[int, int]] = []

    def matches(self) -> list[tuple[int, int, int]]:
        """Return what both have in common, in order. Raises _TooFar."""
        reached, edits = {1: 0}, 0
        while True:
            self.rounds.append(reached)
            reached = self._round(reached, edits)
            if reached.get(len(self.old) - len(self.new)) == len(self.old):
                return self._back()
            edits += 1

    def _round(self, before: dict[int, int], edits: int) -> dict[int, int]:
        reached = {}
        for diagonal in range(-edits, edits + 1, 2):
            self._step()
            start = _entered(before, diagonal)
            if 0 <= start <= len(self.old) and start - diagonal <= len(self.new):
                reached[diagonal] = self._slide(start, start - diagonal)
        return reached

    def _slide(self, x: int, y: int) -> int:
        """Go on while both say the same."""
        while x < len(self.old) and y < len(self.new) and self.old[x] == self.new[y]:
            self._step()
            x, y = x + 1, y + 1
        return x

    def _step(self) -> None:
        if self.spent >= self.granted:
            raise _TooFar
        self.spent += 1

    def _back(self) -> list[tuple[int, int, int]]:
        found, x, y = [], len(self.old), len(self.new)
        for before in reversed(self.rounds):
            start = _entered(before, x - y)
            if x > start:
                found.append((start, start - (x - y), x - start))
            down = start == before.get(x - y + 1, -1)
            x, y = (start, start - (x - y)) if down else (start - 1, start - (x - y))
            y -= down
        return found[::-1]


def _entered(before: dict[int, int], diagonal: int) -> int:
    """Return where a diagonal is entered with one more edit: downwards (a word added) or rightwards (removed)."""
    return max(before.get(diagonal + 1, -1), before.get(diagonal - 1, -2) + 1)
