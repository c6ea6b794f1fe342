"""The stored log: the same tree as the pure functions, whatever the order of commits; proofs from its rows alone."""

import secrets
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.evidence.log import proofs, store
from pfmp_saas.evidence.log.models import LogHead, LogNode
from pfmp_saas.evidence.log.tree import consistency_ranges, grow, inclusion_ranges, root_of
from pfmp_saas.evidence.merkle import leaf_hash, verify_consistency, verify_inclusion
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.use_cases import Actor, record
from tests.support.clock import NOW
from tests.support.merkle import consistency_proof, inclusion_proof, tree_hash

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 70)


def _leaves(count):
    return [f"feuille {number}".encode() for number in range(count)]


def _fill(session_factory, empty_school, leaves):
    for leaf in leaves:
        with session_factory.begin() as session:
            enter_tenant(session, empty_school)
            store.append(session, store.lock(session), leaf)


@given(st.integers(1, 200))
def test_growing_gives_the_root_of_the_pure_function(count):
    hashes = [leaf_hash(leaf) for leaf in _leaves(count)]
    peaks, kept = [], {}
    for size, leaf in enumerate(hashes):
        nodes, peaks = grow(size, peaks, leaf)
        assert not any((node.level, node.index) in kept for node in nodes)
        kept |= {(node.level, node.index): node.hash for node in nodes}
    assert root_of(peaks) == tree_hash(hashes)
    assert len(kept) == sum(count >> level for level in range(count.bit_length()))


def test_the_ranges_of_a_proof_are_logarithmic():
    assert max(len(inclusion_ranges(index, 1 << 20)) for index in range(0, 1 << 20, 4093)) == 20
    assert len(consistency_ranges(3, (1 << 20) + 1)) <= 23


def test_stored_proofs_are_those_of_the_pure_functions(session_factory, empty_school):
    leaves = _leaves(max(SIZES))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    _fill(session_factory, empty_school, leaves)
    with session_factory() as session:
        enter_tenant(session, empty_school)
        assert store.size_and_root(session) == (len(leaves), tree_hash(hashes))
        for size in SIZES:
            root = tree_hash(hashes[:size])
            for index in {0, size // 2, size - 1}:
                path = proofs.inclusion(session, index, size)
                assert path == inclusion_proof(index, hashes[:size])
                assert verify_inclusion(hashes[index], index, size, path, root)
            for old in {1, max(1, size // 2), size}:
                path = proofs.consistency(session, old, size)
                assert path == consistency_proof(old, hashes[:size])
                assert verify_consistency(old, tree_hash(hashes[:old]), size, root, path)
        for wrong in ((70, 70), (-1, 5), (0, 71)):
            with pytest.raises(IndexError):
                proofs.inclusion(session, *wrong)
        for wrong in ((0, 5), (6, 5), (3, 71)):
            with pytest.raises(IndexError):
                proofs.consistency(session, *wrong)


def _count_statements(session, work):
    seen = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *_: seen.append(1))
    work()
    return len(seen)


def test_an_append_and_a_proof_cost_the_same_in_a_long_log(session_factory, empty_school):
    _fill(session_factory, empty_school, _leaves(64))
    with session_factory() as session:
        enter_tenant(session, empty_school)
        assert _count_statements(session, lambda: store.append(session, store.lock(session), b"x")) <= 3
        assert _count_statements(session, lambda: proofs.inclusion(session, 12, 65)) == 1
        assert session.scalar(select(func.count()).select_from(LogNode)) == 64 + 63 + 1


def test_concurrent_records_take_every_place_once(session_factory, empty_school):
    """Each thread writes to two chains in one transaction, in opposite orders: nobody waits for ever."""
    actor = Actor("Nom", "a@b.example", "head", "email-link")

    def work(subjects):
        for _ in range(8):
            with session_factory.begin() as session:
                enter_tenant(session, empty_school)
                for subject in subjects:
                    record(
                        session, subject=subject, kind="signed", actor=actor, document_hash="0" * 64,
                        consent_text=None, now=NOW, payload={"n": secrets.token_hex(4)},
                    )  # fmt: skip

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, [("a", "b"), ("b", "a"), ("c", "a"), ("b", "c")]))
    with session_factory() as session:
        enter_tenant(session, empty_school)
        places = list(session.scalars(select(EvidenceEvent.log_index).order_by(EvidenceEvent.log_index)))
        assert places == list(range(64))
        assert audit(session, NOW).faults == ()


def test_a_rolled_back_event_leaves_no_place(session_factory, empty_school):
    _fill(session_factory, empty_school, _leaves(3))
    with session_factory() as session:
        enter_tenant(session, empty_school)
        assert store.append(session, store.lock(session), b"forgotten") == 3
        session.rollback()
    _fill(session_factory, empty_school, [b"kept"])
    with session_factory() as session:
        enter_tenant(session, empty_school)
        hashes = [leaf_hash(leaf) for leaf in [*_leaves(3), b"kept"]]
        assert store.size_and_root(session) == (4, tree_hash(hashes))


def test_another_school_sees_nothing_of_the_log(session_factory, empty_school):
    _fill(session_factory, empty_school, _leaves(3))
    with session_factory() as session:
        enter_tenant(session, uuid.uuid4())
        assert store.size_and_root(session)[0] == 0
        assert session.scalars(select(LogNode)).all() == []
        assert session.scalars(select(LogHead)).all() == []


@pytest.mark.parametrize(
    "statement",
    ["update log_nodes set hash = ''", "delete from log_nodes", "delete from log_heads",
     "insert into checkpoints (id, tenant_id, size, root, note, stamp_attempts) values (gen_random_uuid(), gen_random_uuid(), 1, '', '', 0)",
     "update checkpoints set note = ''", "select wrapped_key from log_keys"],
)  # fmt: skip
def test_the_runtime_role_may_only_append(session_factory, empty_school, statement):
    with session_factory() as session, pytest.raises(Exception, match="permission denied"):
        enter_tenant(session, empty_school)
        session.execute(text(statement))
