"""RFC 6962 roots and RFC 9162 proofs computed from all the leaves, to compare stored nodes and proofs with."""

from collections.abc import Sequence

from pfmp_saas.evidence.merkle import EMPTY_ROOT, node_hash


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, in order; linear in their number."""
    if not leaves:
        return EMPTY_ROOT
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        peaks.append((1, leaf))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (size, right), (_, left) = peaks.pop(), peaks.pop()
            peaks.append((2 * size, node_hash(left, right)))
    root = peaks.pop()[1]
    while peaks:
        root = node_hash(peaks.pop()[1], root)
    return root


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the path from leaf ``index`` (from 0) to the root over ``leaves`` (RFC 9162, 2.1.3.1).

    Raises IndexError when the leaf is not in the tree.
    """
    if not 0 <= index < len(leaves):
        raise IndexError("la feuille n’est pas dans l’arbre")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(index, leaves[:split]), tree_hash(leaves[split:])]
    return [*inclusion_proof(index - split, leaves[split:]), tree_hash(leaves[:split])]


def consistency_proof(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the proof that the tree of the first ``first`` leaves is a prefix of this one (RFC 9162, 2.1.4.1).

    Empty when ``first`` is the whole tree. Raises IndexError when it is 0 or larger.
    """
    if not 0 < first <= len(leaves):
        raise IndexError("l’ancien arbre n’est pas un début de celui-ci")
    return _subproof(first, leaves, whole=True)


def _subproof(first: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    split = _split(len(leaves))
    if first <= split:
        return [*_subproof(first, leaves[:split], whole=whole), tree_hash(leaves[split:])]
    return [*_subproof(first - split, leaves[split:], whole=False), tree_hash(leaves[:split])]


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
