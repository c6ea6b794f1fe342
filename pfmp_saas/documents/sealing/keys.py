"""Keys of authorities at rest: wrapped by AES-256-GCM under the key-encryption key of the environment."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pfmp_saas.documents.sealing.values import SealingError

_VERSION = b"\x01"
_PURPOSE = b"pfmp/authority-key/1"
_NONCE_BYTES = 12


def wrap_key(pem: bytes, kek: bytes) -> bytes:
    """Encrypt a private key (PEM) under a key-encryption key of 32 bytes."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(kek).encrypt(nonce, pem, _PURPOSE + _VERSION)


def unwrap_key(wrapped: bytes, kek: bytes) -> bytes:
    """Return the private key (PEM) that :func:`wrap_key` encrypted.

    Raises SealingError when the key-encryption key is not the one that wrapped it, or the bytes were changed.
    """
    nonce, sealed = wrapped[1 : 1 + _NONCE_BYTES], wrapped[1 + _NONCE_BYTES :]
    try:
        return AESGCM(kek).decrypt(nonce, sealed, _PURPOSE + wrapped[:1])
    except (InvalidTag, ValueError) as error:
        raise SealingError("la clé de l’autorité ne s’ouvre pas avec PFMP_KEY_ENCRYPTION_KEY") from error
