"""Writing and checking checkpoints: c2sp.org/signed-note (Ed25519) and c2sp.org/tlog-checkpoint. Pure."""

import base64
import binascii
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pfmp_saas.evidence.verify.log.checkpoint import SignedHead as Checkpoint
from pfmp_saas.evidence.verify.log.checkpoint import check_note
from pfmp_saas.evidence.verify.report import Wrong

__all__ = ["Checkpoint", "body", "fingerprint", "origin", "sign", "verifier_key", "verify"]
_ED25519 = b"\x01"
_SHORT = 4  # groups of four digits


def origin(host: str, uai: str) -> str:
    """Return the name of a school's log: a URL without its scheme, which ends with the school's UAI number."""
    return _name(f"{host}/journal/{uai}")


def body(name: str, size: int, root: bytes) -> str:
    """Return the text of a checkpoint: the log's origin, its size, its root; the last newline is part of it."""
    return f"{_name(name)}\n{size}\n{base64.b64encode(root).decode()}\n"


def restarting(text: str, lost: Checkpoint) -> str:
    """Return the text of a checkpoint that restarts its log: one line more names the head that was lost."""
    return f"{text}journal repris après la perte de {lost.size} {base64.b64encode(lost.root).decode()}\n"


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """Return the signed note of a text ending in a newline, signed under a key's name; raises ValueError."""
    plain = text.replace("\n", "")
    if not text.endswith("\n") or any(letter < " " for letter in plain):
        raise ValueError(
            "le texte d’une note finit par une fin de ligne et ne porte pas de caractère de commande"
        )
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    keyed = base64.b64encode(_key_id(_name(name), raw) + key.sign(text.encode())).decode()
    return f"{text}\n— {name} {keyed}\n"


def verifier_key(name: str, key: Ed25519PublicKey) -> str:
    """Return a key as verifiers share it: its name, its identifier, its type and bytes."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"{_name(name)}+{_key_id(name, raw).hex()}+{base64.b64encode(_ED25519 + raw).decode()}"


def verify(text: str, key: str) -> Checkpoint:
    """Check a checkpoint against a verifier key, whose name is the log's; raises Wrong."""
    name, public = read_key(key)
    head = check_note(text.encode(), public)
    if head.origin != name:
        raise Wrong("le relevé est celui d’un autre journal")
    return head


def fingerprint(text: str) -> str:
    """Return sixteen hexadecimal digits of the checkpoint's signed text, short enough to compare by eye."""
    digest = hashlib.sha256(text.rpartition("\n\n")[0].encode() + b"\n").hexdigest()
    return " ".join(digest[start : start + _SHORT] for start in range(0, 4 * _SHORT, _SHORT))


def read_key(key: str) -> tuple[str, Ed25519PublicKey]:
    """Read a verifier key: the log's name and its public key; raises Wrong."""
    try:
        name, identifier, encoded = key.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        public = Ed25519PublicKey.from_public_bytes(raw[1:])
    except (binascii.Error, ValueError) as error:
        raise Wrong("la clé du journal est illisible") from error
    if raw[:1] != _ED25519 or identifier != _key_id(name, raw[1:]).hex():
        raise Wrong("la clé du journal est illisible")
    return name, public


def _key_id(name: str, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw).digest()[:4]


def _name(name: str) -> str:
    """Return a name that a note can carry; raises ValueError."""
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise ValueError("un nom de journal ne porte ni espace ni signe plus")
    return name
