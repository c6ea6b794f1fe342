"""RFC 6962 Merkle tree hashes, and the verification of RFC 9162 inclusion and consistency proofs.

Hashes are 32 raw bytes. Verification takes sizes and indices from the checkpoint, never from the prover,
and refuses a proof that is too short or too long: library verifiers were seen to accept forged ones.
"""

import hashlib
import hmac
from collections.abc import Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of a zero byte and the data (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256 of a one byte and both children (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether ``leaf`` (its hash) is at ``index`` in the tree of that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    position, last, node = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(step, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, step)
        position, last = position >> 1, last >> 1
    return last == 0 and hmac.compare_digest(node, root)


def verify_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether the tree of size ``first`` is a prefix of that of size ``second`` (RFC 9162, 2.1.4.2).

    An empty first tree proves nothing and is refused; equal sizes want equal roots and no proof.
    """
    if not 0 < first <= second or not _hashes(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and hmac.compare_digest(first_root, second_root)
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    return bool(path) and _climbs(first - 1, second - 1, path, first_root, second_root)


def _climbs(position: int, last: int, path: list[bytes], first_root: bytes, second_root: bytes) -> bool:
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    return last == 0 and hmac.compare_digest(old, first_root) and hmac.compare_digest(new, second_root)


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
