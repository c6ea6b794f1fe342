"""Witnesses: others than the operator, who saw a log only grow and cosigned its checkpoints (c2sp.org/tlog-cosignature).

An operator who shows two faces of a log can sign both; a witness signs one. The reader brings the witnesses' keys.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pfmp_saas.evidence.verify.log.checkpoint import parts_of
from pfmp_saas.evidence.verify.report import Wrong

_COSIGNER = b"\x04"  # the type of a timestamped Ed25519 cosignature
_IDENTIFIER, _INSTANT, _SIGNATURE = 4, 8, 64
_LATEST = 1 << 40  # seconds: some thirty-five thousand years


class BadWitness(Wrong):
    """The text is not a witness's key."""


@dataclass(frozen=True)
class Witness:
    """A witness: its name and its Ed25519 key."""

    name: str
    key: Ed25519PublicKey

    @property
    def identifier(self) -> bytes:
        """Return the four bytes that name the key in a signature line."""
        return cosigner_id(self.name, self.key)


def cosigner_id(name: str, key: Ed25519PublicKey) -> bytes:
    """Return the identifier of a cosigner's key."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(name.encode() + b"\n" + _COSIGNER + raw).digest()[:_IDENTIFIER]


def witness_key(witness: Witness) -> str:
    """Return a witness's key as it is published: its name, its identifier, its type and bytes."""
    raw = _COSIGNER + witness.key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"{witness.name}+{witness.identifier.hex()}+{base64.b64encode(raw).decode()}"


def read_witnesses(text: bytes) -> tuple[Witness, ...]:
    """Read keys of witnesses, one a line; blank lines and those that begin with # do not count. Raises BadWitness."""
    try:
        lines = [line.strip() for line in text.decode("utf-8").splitlines()]
    except ValueError as error:
        raise BadWitness("les clés de témoins ne sont pas du texte") from error
    return tuple(read_witness(line) for line in lines if line and not line.startswith("#"))


def read_witness(line: str) -> Witness:
    """Read one witness's key; raises BadWitness."""
    try:
        name, identifier, encoded = line.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        witness = Witness(name, Ed25519PublicKey.from_public_bytes(raw[1:]))
    except ValueError as error:
        raise BadWitness("une clé de témoin est illisible") from error
    if not name or raw[:1] != _COSIGNER or identifier != witness.identifier.hex():
        raise BadWitness("une clé de témoin est illisible")
    return witness


def cosigned_text(body: bytes, seconds: int) -> bytes:
    """Return the bytes that a witness signs of a checkpoint's body, ``seconds`` after the Epoch (UTC)."""
    return b"cosignature/v1\ntime " + str(seconds).encode() + b"\n" + body


def cosigned_at(note: bytes, witness: Witness) -> datetime:
    """Return when a witness cosigned a checkpoint (UTC); raises Wrong when it did not, or when its signature is false."""
    body, signatures = parts_of(note)
    for name, value in signatures:
        if (name, value[:_IDENTIFIER]) == (witness.name, witness.identifier):
            return _checked_instant(body.encode(), value, witness)
    raise Wrong(f"le témoin {witness.name} n’a pas cosigné ce relevé")


def _checked_instant(body: bytes, value: bytes, witness: Witness) -> datetime:
    seconds = int.from_bytes(value[_IDENTIFIER : _IDENTIFIER + _INSTANT], "big")
    signature = value[_IDENTIFIER + _INSTANT :]
    if len(signature) != _SIGNATURE or seconds > _LATEST:
        raise Wrong(f"la cosignature du témoin {witness.name} est illisible")
    try:
        witness.key.verify(signature, cosigned_text(body, seconds))
    except InvalidSignature as error:
        raise Wrong(f"la cosignature du témoin {witness.name} ne correspond pas au relevé") from error
    return datetime.fromtimestamp(seconds, UTC)
