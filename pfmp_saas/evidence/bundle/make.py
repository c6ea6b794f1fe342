"""Making a bundle of its pieces: the same pieces give the same bytes. It knows no database."""

import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from string import Template

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pfmp_saas.documents.sealing.cms import der
from pfmp_saas.evidence.bundle.standalone import standalone
from pfmp_saas.evidence.bundle.story import story
from pfmp_saas.evidence.canonical import canonical
from pfmp_saas.evidence.verify.bundle.archive import (
    CERTIFICATES,
    CHECKPOINT,
    CHECKPOINT_STAMP,
    CONSISTENCY,
    EVENTS,
    FINAL_PDF,
    INCLUSION,
    MANIFEST,
    READ_ME,
    SECOND_STAMP,
    VERIFIER,
    pack,
)
from pfmp_saas.evidence.verify.bundle.contents import BUNDLE_SCHEMA
from pfmp_saas.evidence.verify.file.contents import certificates_of

ARCHIVE_NAME = "preuve.zip"


@dataclass(frozen=True)
class Place:
    """The place of an event in the log: its index from 0, and the path to the checkpoint's root."""

    index: int
    path: Sequence[bytes]


@dataclass(frozen=True)
class Earlier:
    """A checkpoint made before, and the proof that its log is a beginning of the one in the bundle."""

    note: str
    path: Sequence[bytes]


@dataclass(frozen=True)
class Pieces:
    """The pieces of a bundle. ``events`` are canonical texts in order, with a ``Place`` for each.

    ``checkpoint`` is the signed note, ``stamp`` its RFC 3161 token (DER) if there is one,
    ``second_stamp`` that of a second authority; ``log_certificate`` is the
    one that vouches for the checkpoint's key, ``older_log_certificates`` those of the keys before it.
    ``scans`` are those of paper signatures, by their names in the bundle; ``versions`` the files of the versions before
    from which a signature is carried over, by theirs.
    """

    tenant: str
    school: str
    subject: str
    expected: int
    pdf: bytes
    events: Sequence[str]
    places: Sequence[Place]
    checkpoint: str
    log_certificate: x509.Certificate
    earlier: Sequence[Earlier] = ()
    stamp: bytes | None = None
    second_stamp: bytes | None = None
    older_log_certificates: Sequence[x509.Certificate] = ()
    scans: Mapping[str, bytes] = field(default_factory=dict)
    versions: Mapping[str, bytes] = field(default_factory=dict)


def make_bundle(pieces: Pieces) -> bytes:
    """Return the archive; raises Wrong for a PDF that was not sealed by the service."""
    members = {
        READ_ME: _read_me(pieces).encode(),
        FINAL_PDF: pieces.pdf,
        EVENTS: "".join(f"{text}\n" for text in pieces.events).encode(),
        INCLUSION: _inclusion(pieces.places),
        CHECKPOINT: pieces.checkpoint.encode(),
        CONSISTENCY: _consistency(pieces.earlier),
        CERTIFICATES: _certificates(pieces),
        VERIFIER: standalone().encode(),
    }
    if pieces.stamp:
        members[CHECKPOINT_STAMP] = pieces.stamp
    if pieces.second_stamp:
        members[SECOND_STAMP] = pieces.second_stamp
    members |= {**pieces.scans, **pieces.versions}
    return pack(members | {MANIFEST: _manifest(pieces, members)})


def _manifest(pieces: Pieces, members: dict[str, bytes]) -> bytes:
    manifest = {
        "schema": BUNDLE_SCHEMA,
        "tenant": pieces.tenant,
        "subject": pieces.subject,
        "expected_signatures": pieces.expected,
        "members": {name: hashlib.sha256(data).hexdigest() for name, data in members.items()},
    }
    return canonical(manifest).encode()


def _inclusion(places: Sequence[Place]) -> bytes:
    events = [{"index": place.index, "path": [step.hex() for step in place.path]} for place in places]
    return canonical({"events": events}).encode()


def _consistency(earlier: Sequence[Earlier]) -> bytes:
    checkpoints = [
        {"note": checkpoint.note, "path": [step.hex() for step in checkpoint.path]} for checkpoint in earlier
    ]
    return canonical({"checkpoints": checkpoints}).encode()


def _certificates(pieces: Pieces) -> bytes:
    """Return the signatures' certificates, then the log's, in PEM."""
    older = {der(each): each for each in pieces.older_log_certificates}
    older.pop(der(pieces.log_certificate), None)
    logs = [pieces.log_certificate, *(older[key] for key in sorted(older))]
    certificates = [*certificates_of(pieces.pdf), *logs]
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def _read_me(pieces: Pieces) -> str:
    text = files(__package__).joinpath(READ_ME).read_text(encoding="utf-8")
    values = {
        "school": pieces.school,
        "tenant": pieces.tenant,
        "subject": pieces.subject,
        "expected": str(pieces.expected),
        "fingerprint": hashlib.sha256(pieces.pdf).hexdigest(),
        "archive": ARCHIVE_NAME,
    }
    escaped = {key: html.escape(value) for key, value in values.items()}
    return Template(text).substitute(escaped, story=story(pieces.events))
