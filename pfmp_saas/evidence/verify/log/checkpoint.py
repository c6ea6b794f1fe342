"""Reading a checkpoint: a C2SP signed note (Ed25519) whose body says how long a school's log is, and its root."""

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pfmp_saas.evidence.merkle import HASH_BYTES
from pfmp_saas.evidence.verify.report import Wrong

_MAX_NOTE = 16 * 1024
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_SIGNATURE_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/=]+)")
_RESTART = re.compile(r"^journal repris après la perte de (\d+) ([A-Za-z0-9+/]{43}=)$", re.MULTILINE)
_ED25519 = b"\x01"
_KEY_HASH = 4  # bytes before the signature


@dataclass(frozen=True)
class SignedHead:
    """A log's head in a checkpoint: the log's name, how many events, the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def tenant(self) -> str:
        """Return the school's UAI number, which ends the origin."""
        return self.origin.rpartition("/")[2]


def read_head(note: bytes) -> SignedHead:
    """Read a note's body without checking its signature; raises Wrong."""
    lines = parts_of(note)[0].split("\n")
    try:
        origin, size, root = lines[0], lines[1], _plain_base64(lines[2])
    except (IndexError, ValueError) as error:
        raise Wrong("le relevé est illisible") from error
    plain = origin and not origin.isspace() and _SIZE.fullmatch(size) and len(root) == HASH_BYTES
    if not plain or lines[-1] != "":
        raise Wrong("le relevé est illisible")
    return SignedHead(origin, int(size), root)


def lost_by(note: bytes) -> tuple[tuple[int, str] | None, SignedHead]:
    """Return what a checkpoint says to be lost, if it restarts its log: the lost head's size and root; and its own head.

    Raises Wrong.
    """
    found = _RESTART.search(parts_of(note)[0])
    return (int(found[1]), found[2]) if found else None, read_head(note)


def check_note(note: bytes, key: Ed25519PublicKey) -> SignedHead:
    """Check that a note was signed by the log's own key, under the log's own name; raises Wrong."""
    head = read_head(note)
    body, signatures = parts_of(note)
    wanted = _key_id(head.origin, key)
    for name, value in signatures:
        if name == head.origin and value[:_KEY_HASH] == wanted:
            try:
                key.verify(value[_KEY_HASH:], body.encode())
            except InvalidSignature as error:
                raise Wrong("la signature du relevé ne correspond pas à son texte") from error
            return head
    raise Wrong("le relevé n’est pas signé par la clé du journal de l’établissement")


def names_key(note: bytes, key: Ed25519PublicKey) -> bool:
    """Return whether a note says that it was signed by this key, under the log's own name; raises Wrong."""
    name = read_head(note).origin
    return any(each == name and value[:_KEY_HASH] == _key_id(name, key) for each, value in parts_of(note)[1])


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw).digest()[:_KEY_HASH]


def parts_of(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """Split a note into its signed text and its signatures: names and values. Raises Wrong."""
    try:
        text = note.decode("utf-8") if len(note) <= _MAX_NOTE else ""
        body, blank, tail = text.rpartition("\n\n")
        matches = [_SIGNATURE_LINE.fullmatch(line) for line in tail.removesuffix("\n").split("\n")]
        signatures = [(match[1], _plain_base64(match[2])) for match in matches if match]
    except ValueError as error:
        raise Wrong("le relevé est illisible") from error
    if not blank or not tail.endswith("\n") or len(signatures) != len(matches):
        raise Wrong("le relevé est illisible")
    return body + "\n", signatures


def own_note(note: bytes) -> bytes:
    """Return a note as its log signed it, without the lines that witnesses added. A timestamp is made over this."""
    name = read_head(note).origin
    text, _, tail = note.rpartition(b"\n\n")
    mine = [line for line in tail.splitlines(keepends=True) if line.startswith(f"— {name} ".encode())]
    return text + b"\n\n" + b"".join(mine)


def _plain_base64(text: str) -> bytes:
    """Decode base64; raises ValueError where another text would decode to the same bytes."""
    value = base64.b64decode(text, validate=True)
    if base64.b64encode(value).decode() != text:
        raise ValueError(text)
    return value
