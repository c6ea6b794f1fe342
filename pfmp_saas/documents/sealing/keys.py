"""Keys of authorities at rest: wrapped under the key-encryption key of the environment."""

from pfmp_saas.core.sealed import seal, unseal
from pfmp_saas.documents.sealing.values import SealingError

_PURPOSE = b"pfmp/authority-key/1"


def wrap_key(pem: bytes, kek: bytes) -> bytes:
    """Encrypt a private key (PEM) under a key-encryption key of 32 bytes."""
    return seal(pem, kek, _PURPOSE)


def unwrap_key(wrapped: bytes, kek: bytes) -> bytes:
    """Return the private key (PEM) that :func:`wrap_key` encrypted.

    Raises SealingError when the key-encryption key is not the one that wrapped it, or the bytes were changed.
    """
    try:
        return unseal(wrapped, kek, _PURPOSE)
    except ValueError as error:
        raise SealingError("la clé de l’autorité ne s’ouvre pas avec PFMP_KEY_ENCRYPTION_KEY") from error
