"""Building a log again from the events alone, to compare it with what is stored and with what was signed. Pure."""

from array import array
from collections.abc import Iterable, Iterator

from pfmp_saas.evidence.log.tree import cover, root_of
from pfmp_saas.evidence.merkle import EMPTY_ROOT, HASH_BYTES, node_hash


class Rebuilt:
    """The tree over the events' own hashes, fed in any order, 64 bytes of memory an event."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._leaves = bytearray(HASH_BYTES * size)
        self._seen = array("B", bytes(size))
        self._levels: list[bytes] = []

    def put(self, index: int, leaf: bytes) -> bool:
        """Place one leaf hash; False when the log has no such place, or another event has it."""
        if not 0 <= index < self.size or self._seen[index]:
            return False
        self._seen[index] = 1
        self._leaves[HASH_BYTES * index : HASH_BYTES * (index + 1)] = leaf
        return True

    def missing(self) -> Iterator[int]:
        """Yield the places that no event took."""
        place = -1
        while (place := self._next_missing(place + 1)) >= 0:
            yield place

    def _next_missing(self, start: int) -> int:
        try:
            return self._seen.index(0, start)
        except ValueError:
            return -1

    def build(self) -> None:
        """Compute every complete node, level by level."""
        self._levels = [bytes(self._leaves)]
        while len(below := self._levels[-1]) >= 2 * HASH_BYTES:
            step, last = 2 * HASH_BYTES, len(below) - 2 * HASH_BYTES
            pairs = range(0, last + 1, step)
            self._levels.append(
                b"".join(
                    [
                        node_hash(below[at : at + HASH_BYTES], below[at + HASH_BYTES : at + step])
                        for at in pairs
                    ]
                )
            )

    @property
    def levels(self) -> int:
        """Return how many levels of complete nodes there are."""
        return len(self._levels) if self.size else 0

    def level(self, level: int) -> bytes:
        """Return a level's hashes, end to end."""
        return self._levels[level]

    def peaks(self, size: int) -> list[bytes]:
        """Return the peaks of the tree over the first ``size`` events."""
        peaks = []
        for level, index in cover(0, size):
            peaks.append(self._levels[level][HASH_BYTES * index : HASH_BYTES * (index + 1)])
        return peaks

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` events; raises IndexError beyond the log."""
        if not 0 <= size <= self.size:
            raise IndexError("le journal ne va pas jusque-là")
        return root_of(self.peaks(size)) if size else EMPTY_ROOT


def differing(ours: bytes, chunks: Iterable[bytes], most: int = 20) -> list[int]:
    """Return the first indices at which a level differs from the stored one; a length that differs is one too."""
    theirs, indices = b"".join(chunks), []
    if ours == theirs:
        return []
    for at in range(0, max(len(ours), len(theirs)), HASH_BYTES):
        if ours[at : at + HASH_BYTES] != theirs[at : at + HASH_BYTES]:
            indices.append(at // HASH_BYTES)
        if len(indices) == most:
            break
    return indices
