"""Passwords of staff, hashed with argon2id."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
MINIMUM_LENGTH = 12
# Verified when no account matches, so that an unknown address takes as long as a wrong password.
_DECOY = _HASHER.hash("une phrase que personne ne tape")


def hash_password(password: str) -> str:
    """Return an argon2id hash of ``password``."""
    return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Tell whether ``password`` is the one hashed in ``stored``, in the same time when there is none."""
    try:
        return _HASHER.verify(stored or _DECOY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
