"""Passwords of staff, hashed with argon2id; refused where they are short, common, or made of the person's own data."""

import base64
import re
from collections.abc import Collection

from argon2 import PasswordHasher
from argon2.low_level import Type, hash_secret
from zxcvbn import zxcvbn

from pfmp_saas.core.text import fold

_HASHER = PasswordHasher()
MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200
_JUDGED = 72  # characters: zxcvbn refuses to judge a longer text
_LEAST_SCORE = 3  # of 4: "safely unguessable" even offline, says zxcvbn
_OWN = 4  # letters from which a word of the person counts
_LEFT = 8  # characters that must stay once the person's own words are taken out
_RECIPE = re.compile(r"\$argon2id\$v=(\d+)\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$")
# Followed when there is no password, so that an unknown address takes as long as a wrong password.
_DECOY = _HASHER.hash("une phrase que personne ne tape")


def fault(password: str, own: Collection[str]) -> str | None:
    """Return in French why a password is refused, None where it may serve; ``own`` are texts about the person."""
    if len(password) < MINIMUM_LENGTH:
        return f"Le mot de passe doit compter au moins {MINIMUM_LENGTH} caractères."
    if len(password) > MAXIMUM_LENGTH:
        return f"Le mot de passe compte plus de {MAXIMUM_LENGTH} caractères."
    words = {word for text in own for word in re.findall(r"\w+", fold(text)) if len(word) >= _OWN}
    left = fold(password)
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    if len(left) < _LEFT:
        return "Ce mot de passe reprend votre nom, votre adresse ou votre établissement : il se devine."
    if zxcvbn(password[:_JUDGED], user_inputs=sorted(words))["score"] < _LEAST_SCORE:
        return "Ce mot de passe est trop courant. Prenez par exemple quatre mots sans lien entre eux."
    return None


def hash_password(password: str) -> str:
    """Return an argon2id hash of ``password``."""
    return _HASHER.hash(password)


def hashed_by(recipe: str | None, password: str) -> str:
    """Return ``password`` hashed with the parameters and the salt of ``recipe``, the beginning of such a hash.

    Without a recipe the work is the same, and what comes out is nobody's. Raises ValueError for another algorithm's.
    """
    found = _RECIPE.match(recipe or _DECOY)
    if found is None:
        raise ValueError("no recipe of argon2id")
    version, memory, passes, lanes = map(int, found.groups()[:4])
    salt = base64.b64decode(found[5] + "=" * (-len(found[5]) % 4))
    length = _HASHER.hash_len
    return hash_secret(password.encode(), salt, passes, memory, lanes, length, Type.ID, version).decode()
