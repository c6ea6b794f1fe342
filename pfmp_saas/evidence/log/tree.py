"""The shape of a log's tree, pure: which nodes an append completes, and which nodes a proof is made of.

Level 0 holds the leaf hashes; the node ``index`` of level ``n`` covers the leaves from ``index << n``, ``1 << n`` of
them. A node is kept once it is complete, and never changes after that. The peaks are the largest complete nodes
of a tree, left to right: as many as there are ones in its size, and the root follows from them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pfmp_saas.evidence.merkle import EMPTY_ROOT, node_hash

Range = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """One complete subtree: its level, its index in the level from 0, its hash."""

    level: int
    index: int
    hash: bytes


def grow(size: int, peaks: Sequence[bytes], leaf: bytes) -> tuple[list[Node], list[bytes]]:
    """Append one leaf hash to a tree of ``size`` leaves; return the nodes it completes, and the new peaks."""
    nodes, left = [Node(0, size, leaf)], list(peaks)
    while nodes[-1].index & 1:
        below = nodes[-1]
        nodes.append(Node(below.level + 1, below.index >> 1, node_hash(left.pop(), below.hash)))
    return nodes, [*left, nodes[-1].hash]


def root_of(peaks: Iterable[bytes]) -> bytes:
    """Return the root of the tree with these peaks (RFC 6962, 2.1)."""
    from_right = list(peaks)[::-1]
    if not from_right:
        return EMPTY_ROOT
    root = from_right[0]
    for peak in from_right[1:]:
        root = node_hash(peak, root)
    return root


def cover(start: int, end: int) -> list[tuple[int, int]]:
    """Return the (level, index) of the complete nodes that cover a subtree's leaves, left to right."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the subtrees whose roots are the inclusion proof of a leaf, in its order (RFC 9162, 2.1.3.1).

    Raises IndexError when the leaf is not in the tree.
    """
    if not 0 <= index < size:
        raise IndexError("la feuille n’est pas dans l’arbre")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        ranges.append((middle, end) if index < middle else (start, middle))
        start, end = (start, middle) if index < middle else (middle, end)
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the subtrees whose roots are the consistency proof, in its order (RFC 9162, 2.1.4.1).

    Raises IndexError when the old tree is empty or larger.
    """
    if not 0 < old <= new:
        raise IndexError("l’ancien arbre n’est pas un début de celui-ci")
    start, end, ranges = 0, new, []
    while old != end:
        middle = start + _split(end - start)
        ranges.append((middle, end) if old <= middle else (start, middle))
        start, end = (start, middle) if old <= middle else (middle, end)
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
