"""Checkpoints as c2sp.org/signed-note and c2sp.org/tlog-checkpoint write them: vectors, and a second implementation."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from pfmp_saas.evidence.checkpoint import note
from pfmp_saas.evidence.verify.report import Wrong
from tests.support.bundled import note as other_note

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAME = note.origin("pfmp.example", "0211033J")
ROOT = hashlib.sha256(b"root").digest()
# golang.org/x/mod/sumdb/note, example key and note.
PETER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
SAID = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"


def _peter():
    seed = base64.b64decode(PETER.split("+", 4)[4])
    return Ed25519PrivateKey.from_private_bytes(seed[1:])


def test_the_published_note_is_signed_to_the_letter():
    assert note.sign(SAID, "PeterNeumann", _peter()) == SAID + SIGNED


def test_the_published_verifier_key_is_written_to_the_letter():
    key = note.verifier_key("PeterNeumann", _peter().public_key())
    assert key == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@given(st.integers(0, 2**50), st.binary(min_size=32, max_size=32))
def test_a_second_implementation_writes_the_same(size, root):
    ours = note.sign(note.body(NAME, size, root), NAME, KEY)
    assert ours == other_note(KEY, size, root, NAME)
    head = note.verify(ours, note.verifier_key(NAME, KEY.public_key()))
    assert (head.origin, head.size, head.root, head.tenant) == (NAME, size, root, "0211033J")


def test_other_signatures_are_ignored_and_a_broken_one_of_ours_is_not():
    key = note.verifier_key(NAME, KEY.public_key())
    text = note.sign(note.body(NAME, 7, ROOT), NAME, KEY)
    witness = f"— witness.example/w {base64.b64encode(b'1234' + bytes(72)).decode()}\n"
    assert note.verify(text + witness, key).size == 7
    with pytest.raises(Wrong):
        note.verify(text.replace("\n7\n", "\n8\n"), key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (note.sign(note.body(NAME, 7, ROOT), NAME, _peter()), note.verifier_key(NAME, KEY.public_key())),
        (note.sign(note.body(NAME, 7, ROOT), NAME, KEY), note.verifier_key(NAME + "x", KEY.public_key())),
        (note.sign(note.body(NAME, 7, ROOT), "other", KEY), note.verifier_key(NAME, KEY.public_key())),
        (note.sign(note.body(NAME, 7, ROOT), NAME, KEY), "not a key"),
        (note.body(NAME, 7, ROOT), note.verifier_key(NAME, KEY.public_key())),
        (note.sign(note.body(NAME, 7, ROOT), NAME, KEY).replace("\n7\n", "\n07\n"), note.verifier_key(NAME, KEY.public_key())),
    ],
    ids=["another key", "another log", "another name", "no key", "unsigned", "leading zero"],
)  # fmt: skip
def test_what_is_not_a_checkpoint_of_this_log_is_refused(text, key):
    with pytest.raises(Wrong):
        note.verify(text, key)


def test_names_and_texts_that_a_note_cannot_carry_are_refused():
    for name in ("", "a b", "a+b", "a\u00a0b"):
        with pytest.raises(ValueError, match="nom"):
            note.body(name, 1, ROOT)
    for text in ("no newline", "bell\x07\n"):
        with pytest.raises(ValueError, match="note"):
            note.sign(text, NAME, KEY)


def test_the_fingerprint_is_of_the_signed_text_only():
    text = note.sign(note.body(NAME, 7, ROOT), NAME, KEY)
    digest = hashlib.sha256(note.body(NAME, 7, ROOT).encode()).hexdigest()
    assert note.fingerprint(text).replace(" ", "") == digest[:16]
    assert note.fingerprint(text + "— w.example AAAA\n") == note.fingerprint(text)
