"""RFC 6962 trees and RFC 9162 proofs, against the published vectors and a second, naive implementation."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp_saas.evidence.merkle import leaf_hash, node_hash, verify_consistency, verify_inclusion
from tests.support.merkle import consistency_proof, inclusion_proof, tree_hash

# The vectors of Certificate Transparency's reference implementation (merkle_tree_test).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (index, size): path
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {  # (first, second): path
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in INPUTS]
sizes = st.integers(1, 70)


def leaves(count):
    return [leaf_hash(b"%d" % number) for number in range(count)]


def naive_root(hashes):
    """RFC 6962, 2.1, as it is written."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def hexes(proof):
    return [each.hex() for each in proof]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size):
    assert tree_hash(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert tree_hash([]) == hashlib.sha256().digest()


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index, size):
    proof = inclusion_proof(index, LEAVES[:size])
    assert hexes(proof) == INCLUSION[index, size]
    assert verify_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(first, second):
    proof = consistency_proof(first, LEAVES[:second])
    assert hexes(proof) == CONSISTENCY[first, second]
    roots = (bytes.fromhex(ROOTS[first - 1]), bytes.fromhex(ROOTS[second - 1]))
    assert verify_consistency(first, roots[0], second, roots[1], proof)


@given(st.integers(0, 200))
def test_roots_agree_with_the_naive_reading_of_the_rfc(size):
    assert tree_hash(leaves(size)) == naive_root(leaves(size))


@given(sizes.flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_every_leaf_is_proved_and_only_at_its_place(pair):
    size, index = pair
    tree = leaves(size)
    proof, root = inclusion_proof(index, tree), tree_hash(tree)
    accepted = [(at, claimed) for at in range(-1, size + 2) for claimed in range(size + 3)
                if verify_inclusion(tree[index], at, claimed, proof, root)]  # fmt: skip
    assert (index, size) in accepted
    # another size may share the path's shape, never another index at the true size
    assert [at for at, claimed in accepted if claimed == size] == [index]
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)


@settings(deadline=None)
@given(sizes.flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size))))
def test_every_prefix_is_proved_and_nothing_else(pair):
    second, first = pair
    tree = leaves(second)
    proof, old, new = consistency_proof(first, tree), tree_hash(tree[:first]), tree_hash(tree)
    assert verify_consistency(first, old, second, new, proof)
    forged = tree_hash([leaf_hash(b"rewritten"), *tree[1:first]])
    assert not verify_consistency(first, forged, second, new, proof)
    assert not verify_consistency(first, old, second, forged, proof) or forged == new


@given(sizes.flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size))), st.data())
def test_a_proof_cut_lengthened_or_altered_is_refused(pair, data):
    second, first = pair
    tree = leaves(second)
    old, new = tree_hash(tree[:first]), tree_hash(tree)
    inclusion, consistency = inclusion_proof(first - 1, tree), consistency_proof(first, tree)
    for broken in mutations(inclusion, data):
        assert not verify_inclusion(tree[first - 1], first - 1, second, broken, new)
    for broken in mutations(consistency, data):
        assert not verify_consistency(first, old, second, new, broken)


def mutations(proof, data):
    extra = data.draw(st.sampled_from([b"\0" * 32, *proof])) if proof else b"\0" * 32
    yield [*proof, extra]
    yield [extra, *proof]
    if proof:
        yield proof[:-1]
        yield proof[1:]
        at = data.draw(st.integers(0, len(proof) - 1))
        yield [*proof[:at], proof[at][:-1], *proof[at + 1 :]]
        yield [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3), (-1, 3), (0, 0)])
def test_sizes_that_prove_nothing_are_refused(first, second):
    root = tree_hash(leaves(3))
    assert not verify_consistency(first, root, second, root, [])
    with pytest.raises(IndexError):
        consistency_proof(first, leaves(max(second, 0)))


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_out_of_the_tree_is_refused(index, size):
    assert not verify_inclusion(leaf_hash(b"0"), index, size, [], leaf_hash(b"0"))
    with pytest.raises(IndexError):
        inclusion_proof(index, leaves(size))


def test_a_node_is_never_taken_for_a_leaf():
    tree = leaves(2)
    assert leaf_hash(tree[0] + tree[1]) != node_hash(*tree)
