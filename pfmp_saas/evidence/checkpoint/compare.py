"""Comparing a log, built again from its events, with every checkpoint of it: the database's and those held outside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pfmp_saas.evidence.checkpoint.models import LogKey
from pfmp_saas.evidence.log.replay import Rebuilt
from pfmp_saas.evidence.verify.log.checkpoint import SignedHead, check_note, read_head
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.time.authority import UnknownAuthority
from pfmp_saas.evidence.verify.time.timestamp import check_stamp, imprint_of
from pfmp_saas.evidence.verify.trust import check_log_key, load_roots


@dataclass(frozen=True)
class CheckpointRow:
    """A checkpoint of the database, and the columns that only index it. ``waiting``: a timestamp is still awaited."""

    note: str
    size: int
    root: bytes
    stamps: tuple[bytes, ...]
    waiting: bool


@dataclass(frozen=True)
class Difference:
    """A checkpoint that does not agree with the log: its size, a code of :class:`pfmp_saas.evidence.chain.Fault`, why."""

    size: int
    code: str
    message: str


def compare(
    log: Rebuilt,
    checkpoints: Sequence[CheckpointRow],
    keys: Sequence[LogKey],
    outside: Sequence[str],
    *,
    now: datetime,
    roots: Sequence[bytes] = (),
    authorities: Sequence[bytes] = (),
) -> Iterator[Difference]:
    """Yield every way in which the log is not what its checkpoints say. PEMs as :func:`queries.audit` takes them."""
    known, refused = _keys(keys, roots)
    yield from refused
    anchors = [anchor for pem in authorities for anchor in load_roots(pem)]
    for checkpoint in checkpoints:
        yield from _judge(checkpoint.note, log, known, "le relevé")
        if _columns(checkpoint):
            yield Difference(
                checkpoint.size, "checkpoint-columns", "les colonnes du relevé diffèrent de son texte"
            )
        if anchors:
            yield from _times(checkpoint, anchors, now)
    for note in outside:
        yield from _judge(note, log, known, "le relevé tenu au dehors")


def _keys(keys: Sequence[LogKey], roots: Sequence[bytes]) -> tuple[list[Ed25519PublicKey], list[Difference]]:
    """Return the public keys of the log, and what is wrong with their certificates."""
    trusted = [root for pem in roots for root in load_roots(pem)]
    public_keys, refused = [], []
    for row in keys:
        certificate = x509.load_pem_x509_certificate(row.certificate_pem.encode())
        key = certificate.public_key()
        if isinstance(key, Ed25519PublicKey):
            public_keys.append(key)
        try:
            if trusted:
                check_log_key(certificate, trusted)
        except Wrong as error:
            refused.append(Difference(0, "checkpoint-key", str(error)))
    return public_keys, refused


def _judge(note: str, log: Rebuilt, keys: Sequence[Ed25519PublicKey], what: str) -> Iterator[Difference]:
    try:
        head = read_head(note.encode())
    except Wrong as error:
        yield Difference(0, "checkpoint-unsigned", str(error))
        return
    if not any(_signed(note, key) for key in keys):
        why = f"{what} à {head.size} événements n’est signé par aucune clé connue du journal"
        yield Difference(head.size, "checkpoint-unsigned", why)
    yield from _follows(head, log, what)


def _follows(head: SignedHead, log: Rebuilt, what: str) -> Iterator[Difference]:
    if head.size > log.size:
        why = f"{what} compte {head.size} événements, le journal n’en a plus que {log.size}"
        yield Difference(head.size, "checkpoint-ahead", why)
    elif log.root(head.size) != head.root:
        why = f"{what} à {head.size} événements n’est pas un début de ce journal : il a été réécrit"
        yield Difference(head.size, "checkpoint-differs", why)


def _signed(note: str, key: Ed25519PublicKey) -> bool:
    try:
        check_note(note.encode(), key)
    except Wrong:
        return False
    return True


def _columns(checkpoint: CheckpointRow) -> bool:
    try:
        head = read_head(checkpoint.note.encode())
    except Wrong:
        return False
    return (head.size, head.root) != (checkpoint.size, checkpoint.root)


def _times(
    checkpoint: CheckpointRow, anchors: Sequence[x509.Certificate], now: datetime
) -> Iterator[Difference]:
    """Yield what is wrong with a checkpoint's timestamps.

    One of two authorities may be unknown to the reader: its token must be whole all the same.
    """
    digest, unknown = imprint_of(checkpoint.note.encode()), list[UnknownAuthority]()
    for token in checkpoint.stamps:
        try:
            check_stamp(token, digest, anchors, now)
        except UnknownAuthority as error:
            unknown.append(error)
        except Wrong as error:
            yield Difference(checkpoint.size, "checkpoint-time", str(error))
    if unknown and len(unknown) == len(checkpoint.stamps):
        yield Difference(checkpoint.size, "checkpoint-time", str(unknown[0]))
