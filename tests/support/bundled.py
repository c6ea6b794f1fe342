"""A signed convention with its events, its school's log and checkpoints, bundled; for the tests of bundles."""

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pfmp_saas.documents.sealing.authority import issue_log_certificate, issue_seal
from pfmp_saas.documents.sealing.names import EVENT_REASON
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.sign import frozen_hash
from pfmp_saas.evidence.bundle.make import Earlier, Pieces, Place, make_bundle
from pfmp_saas.evidence.events import FIRST, Event, StoredEvent, stored
from pfmp_saas.evidence.merkle import leaf_hash
from pfmp_saas.evidence.verify import ReaderInput
from pfmp_saas.evidence.verify.bundle.archive import pack, unpack
from tests.support.merkle import consistency_proof, inclusion_proof, tree_hash
from tests.support.sealed_pdf import (
    ABOUT,
    CAPACITIES,
    LATER,
    NOW,
    PLACES,
    SCHOOL,
    UAI,
    World,
    closed,
    rendering,
    sign,
    stamper,
    world,
)
from tests.support.tsa import Tsa

ORIGIN = f"pfmp.example/journal/{UAI}"
BEFORE, BETWEEN = 7, 3  # other events of the school's log, before the first and between two of ours


def note(key: Ed25519PrivateKey, size: int, root: bytes, origin: str = ORIGIN) -> str:
    """Sign a checkpoint as C2SP writes it, apart from the service's own code."""
    body = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    keyed = hashlib.sha256(origin.encode() + b"\n\x01" + raw).digest()[:4] + key.sign(body.encode())
    return f"{body}\n— {origin} {base64.b64encode(keyed).decode()}\n"


@dataclass(frozen=True)
class School:
    """A school's log: its leaves, the key that signs its checkpoints, and one convention in it."""

    world: World
    tsa: Tsa
    key: Ed25519PrivateKey
    pdf: bytes
    events: tuple[StoredEvent, ...]
    indices: tuple[int, ...]
    leaves: tuple[bytes, ...]
    subject: str

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.leaves) if size is None else size
        return note(self.key, size, tree_hash(self.leaves[:size]))

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(Place(index, inclusion_proof(index, self.leaves)) for index in self.indices)

    def earlier(self, size: int) -> Earlier:
        return Earlier(self.checkpoint(size), consistency_proof(size, self.leaves))

    @cached_property
    def pieces(self) -> Pieces:
        return Pieces(
            tenant=UAI,
            school=SCHOOL,
            subject=self.subject,
            expected=len(CAPACITIES),
            pdf=self.pdf,
            events=[event.canonical for event in self.events],
            places=self.places,
            checkpoint=self.checkpoint(),
            log_certificate=issue_log_certificate(self.world.root, self.key.public_key(), ORIGIN, NOW),
            earlier=[self.earlier(size) for size in (5, 12)],
            stamp=self.tsa.token(
                hashlib.sha256(self.checkpoint().encode()).digest(), NOW + timedelta(hours=1)
            ),
        )

    @cached_property
    def bundle(self) -> bytes:
        return make_bundle(self.pieces)

    def with_pieces(self, **changed: Any) -> bytes:
        return make_bundle(replace(self.pieces, **changed))

    def held(self, **changed: Any) -> ReaderInput:
        given: dict[str, Any] = {
            "now": LATER,
            "trust": tuple(self.world.trust),
            "authorities": (self.tsa.root_pem,),
        }
        return ReaderInput(**(given | changed))


def leaf(event: StoredEvent) -> bytes:
    return leaf_hash(event.canonical.encode())


def make_school(
    subject: str = ABOUT.subject, *, timestamps: bool = False, base: World | None = None
) -> School:
    """Sign a convention as the service does: an event first, then a signature that names it."""
    base, tsa = base or world(), the_tsa()
    about = replace(ABOUT, subject=subject)
    pdf = certify(
        rendering(subject),
        PLACES,
        issue_seal(base.authority, SCHOOL, UAI, NOW),
        about,
        now=NOW,
        timestamped=timestamps,
    )
    frozen = frozen_hash(pdf)
    first = Event(
        UAI, subject, 1, FIRST, "frozen", NOW, "00" * 16, capacity="establishment", document_hash=frozen
    )
    events = [
        stored(replace(first, payload={"expected_signatures": str(len(PLACES)), "finished": "promised"}))
    ]
    for minute, (field, capacity) in enumerate(CAPACITIES.items(), 1):
        at = NOW + timedelta(minutes=minute, microseconds=250_000)
        signed = Event(
            UAI, subject, minute + 1, events[-1].hash, "signed", at, f"{minute:032x}", "a" * 64, capacity,
            "email-link", "b" * 64, frozen, {"field": field},
        )  # fmt: skip
        events.append(stored(signed))
        stamp = stamper(tsa, at + timedelta(seconds=2)) if timestamps else None
        pdf = sign(base, field, pdf, at, stamp, EVENT_REASON + events[-1].hash)
    if timestamps:
        pdf = closed(base, pdf, stamper(tsa, NOW + timedelta(minutes=10)))
    finished = Event(
        UAI, subject, len(events) + 1, events[-1].hash, "finished", NOW + timedelta(minutes=11), "f" * 32,
        "c" * 64, "platform", "root-key", None, frozen, {"sha256": hashlib.sha256(pdf).hexdigest()},
    )  # fmt: skip
    events.append(stored(finished))
    leaves = [leaf_hash(f"before {number}".encode()) for number in range(BEFORE)]
    indices = []
    for event in events:
        indices.append(len(leaves))
        leaves += [
            leaf(event),
            *(leaf_hash(f"{subject} between {number}".encode()) for number in range(BETWEEN)),
        ]
    return School(base, tsa, log_key(), pdf, tuple(events), tuple(indices), tuple(leaves), subject)


@lru_cache(maxsize=1)
def the_tsa() -> Tsa:
    return Tsa()


@lru_cache(maxsize=1)
def log_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@lru_cache(maxsize=4)
def school(subject: str = ABOUT.subject, *, timestamps: bool = False) -> School:
    """The ones that most tests share."""
    return make_school(subject, timestamps=timestamps)


def repacked(bundle: bytes, **changed: bytes | None) -> bytes:
    """Change members by name (dots written as underscores), and leave the list of pieces as it was."""
    members = unpack(bundle)
    for key, value in changed.items():
        member = next(name for name in members if name.replace(".", "_") == key)
        members.pop(member) if value is None else members.update({member: value})
    return pack(members)
