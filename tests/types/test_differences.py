"""Comparing two texts: what is told is true and short, and no text makes it long."""

import random
from itertools import chain

import pytest

from pfmp_saas.types.revisions.differences import spans
from pfmp_saas.types.revisions.shortest import Effort, opcodes

LONGEST = 20_000
PAIRS = {
    "nothing in common": ("a " * 10_000, "b " * 10_000),
    "one letter a line": ("a\n" * 10_000, "b\na\n" * 5_000),
    "one letter, over and over": ("x" + "a" * (LONGEST - 1), "a" * (LONGEST - 1) + "y"),
    "punctuation": ("." * LONGEST, "," + "." * 15_000 + ";" * 4_999),
    "other way round": (
        " ".join(map(str, range(4_000))),
        " ".join(map(str, reversed(range(4_000)))),
    ),
    "every line new": ("\n".join(map(str, range(4_000))), "\n".join(map(str, range(4_000, 8_000)))),
}


class Counted(str):
    """A word that counts how often it is compared."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Counted.compared += 1
        return str.__eq__(self, other)

    def __ne__(self, other):
        return not self == other


def _common(one, other):
    """The length of the longest common subsequence, by the slow and plain way."""
    row = [0] * (len(other) + 1)
    for a in one:
        above, row = row, [0]
        for n, b in enumerate(other):
            row.append(above[n] + 1 if a == b else max(above[n + 1], row[-1]))
    return row[-1]


def test_the_way_told_leads_from_one_to_the_other_and_is_the_shortest():
    drawn = random.Random(13)
    for _ in range(1_000):
        old, new = (drawn.choices("abc", k=drawn.randrange(14)) for _ in range(2))
        way = opcodes(old, new, Effort())
        assert list(chain.from_iterable(old[a:b] if same else new[c:d] for same, a, b, c, d in way)) == new
        assert list(chain.from_iterable(old[a:b] for _, a, b, _, _ in way)) == old
        assert sum(b - a for same, a, b, _, _ in way if same) == _common(old, new)


@pytest.mark.parametrize("name", PAIRS)
def test_eight_of_the_longest_articles_cost_a_bounded_number_of_steps(name):
    before, after = PAIRS[name]
    effort = Effort()
    allowed = effort.left
    for _ in range(8):
        found = spans(before, after, effort)
        assert "".join(s.text for s in found if s.kind != "added") == before
        assert "".join(s.text for s in found if s.kind != "removed") == after
    assert effort.left >= 0
    old, new = ([Counted(word) for word in text.replace("\n", " \n ").split(" ")] for text in (before, after))
    Counted.compared, again = 0, Effort()
    for _ in range(8):
        opcodes(old, new, again)
    assert Counted.compared <= 2 * allowed + 16 * (len(old) + len(new)), "the steps told are the steps made"


def test_what_was_not_compared_to_its_end_is_said():
    effort = Effort()
    told = spans(*PAIRS["nothing in common"], effort)
    assert effort.cut
    assert [span.kind for span in told] == ["removed", "added"] or told[-1].kind == "same"
    small = Effort()
    spans("Un mot.", "Deux mots.", small)
    assert not small.cut
