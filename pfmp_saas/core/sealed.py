"""Secrets at rest: AES-256-GCM under the key-encryption key of the environment, for one purpose each."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE_BYTES = 12


def seal(content: bytes, kek: bytes, purpose: bytes) -> bytes:
    """Encrypt ``content`` under a key-encryption key of 32 bytes; it opens for the same ``purpose`` alone."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(kek).encrypt(nonce, content, purpose + _VERSION)


def unseal(sealed: bytes, kek: bytes, purpose: bytes) -> bytes:
    """Return what :func:`seal` encrypted. Raises ValueError for another key or purpose, or where bytes were changed."""
    nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(kek).decrypt(nonce, content, purpose + sealed[:1])
    except InvalidTag as error:
        raise ValueError("sealed under another key, or changed") from error
