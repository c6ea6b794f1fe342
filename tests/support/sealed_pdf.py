"""A small document frozen, certified and signed by five people, for the tests of sealing and verification."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from reportlab.pdfgen.canvas import Canvas

from pfmp_saas.documents.fonts import REGULAR, register
from pfmp_saas.documents.sealing.authority import (
    Issuer,
    OneTimeKey,
    SignerIdentity,
    issue_seal,
    issue_signer,
    make_root,
    make_tenant_authority,
    revocation_lists,
)
from pfmp_saas.documents.sealing.close import close
from pfmp_saas.documents.sealing.drawn import Appearance
from pfmp_saas.documents.sealing.names import EVENT_REASON
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.sign import frozen_hash, sign_field
from pfmp_saas.documents.sealing.values import FieldPlace, Subject
from pfmp_saas.evidence.verify.file.document import Document
from pfmp_saas.evidence.verify.file.signature import read_cms
from pfmp_saas.evidence.verify.report import ReaderInput
from tests.support.tsa import Tsa

NOW = datetime(2025, 1, 6, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=500)
UAI, SCHOOL = "0090012B", "Lycée professionnel de l’Ariège"
ABOUT = Subject(UAI, SCHOOL, "convention:42")
CAPACITIES = {
    "head": "Chef d’établissement",
    "host": "Représentant de l’organisme d’accueil",
    "student": "Élève",
    "referent": "Enseignant référent",
    "tutor": "Tuteur",
}
NAMES = {
    "head": "Hélène Œuvrard",
    "host": "Ndéye-Fatou N’Diaye",
    "student": "Zoë Châtaignier",
    "referent": "Łukasz Țepeș",
    "tutor": "Françoise Nguyễn",
}
PLACES = tuple(
    FieldPlace(field, 1, (60, 600 - 90 * row, 260, 670 - 90 * row), capacity)
    for row, (field, capacity) in enumerate(CAPACITIES.items())
)


def rendering(title: str = "Convention") -> bytes:
    """Two pages of text with bookmarks, in the font of the service's documents; the same bytes every time."""
    register()
    out = BytesIO()
    canvas = Canvas(out, invariant=1, initialFontName=REGULAR)  # type: ignore[arg-type]
    for page in (1, 2):
        canvas.setFont(REGULAR, 12)
        canvas.bookmarkPage(f"p{page}", fit="XYZ", left=60, top=800)
        canvas.addOutlineEntry(f"Page {page}", f"p{page}")
        canvas.drawString(60, 780, f"{title}, page {page}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@dataclass(frozen=True)
class World:
    """A root, a school's authority, another school's, and the file after each step: certified, then each act."""

    root: Issuer
    authority: Issuer
    stranger: Issuer
    steps: tuple[bytes, ...]

    @property
    def certified(self) -> bytes:
        return self.steps[0]

    @property
    def final(self) -> bytes:
        return self.steps[-1]

    @property
    def trust(self) -> list[bytes]:
        return [self.root.certificate_pem.encode()]

    def key(self, field: str, authority: Issuer | None = None, **changed: str) -> OneTimeKey:
        who = {"name": NAMES[field], "capacity": CAPACITIES[field], "tenant": SCHOOL, "uai": UAI} | changed
        return issue_signer(authority or self.authority, SignerIdentity(**who), NOW)


def event_of(field: str, pdf: bytes) -> str:
    """Return what stands for the hash of the act's event."""
    return hashlib.sha256(f"{field} {frozen_hash(pdf)}".encode()).hexdigest()


def shown(field: str, pdf: bytes, now: datetime = NOW, event: str | None = None) -> Appearance:
    when = now.astimezone(ZoneInfo(ABOUT.timezone)).strftime("%d/%m/%Y à %H:%M")
    return Appearance(NAMES[field], CAPACITIES[field], when, (event or event_of(field, pdf))[:16])


def sign(
    world_or_key: Any,
    field: str,
    pdf: bytes,
    now: datetime = NOW,
    stamp: Callable[[bytes], bytes] | None = None,
    reason: str | None = None,
) -> bytes:
    key = world_or_key.key(field) if isinstance(world_or_key, World) else world_or_key
    because = reason if reason is not None else EVENT_REASON + event_of(field, pdf)
    named = because.removeprefix(EVENT_REASON)
    look = shown(field, pdf, now, named)
    return sign_field(pdf, field, key, now=now, appearance=look, stamp=stamp, reason=because)


def make(title: str = "Convention", root: Issuer | None = None) -> World:
    """Freeze and sign a document, under a fresh root unless one is given."""
    root = root or make_root("PFMP", NOW - timedelta(days=30))
    authority = make_tenant_authority(root, SCHOOL, UAI, NOW - timedelta(days=2))
    stranger = make_tenant_authority(root, "Lycée d’ailleurs", "0310001X", NOW - timedelta(days=2))
    seal = issue_seal(authority, SCHOOL, UAI, NOW)
    steps = [certify(rendering(title), PLACES, seal, ABOUT, now=NOW)]
    world = World(root, authority, stranger, ())
    for minute, field in enumerate(CAPACITIES, 1):
        steps.append(sign(world, field, steps[-1], NOW + timedelta(minutes=minute)))
    return World(root, authority, stranger, tuple(steps))


@dataclass(frozen=True)
class Stamped:
    """The same under an authority of timestamps; the last step is the closing."""

    world: World
    tsa: Tsa
    steps: tuple[bytes, ...]

    @property
    def final(self) -> bytes:
        return self.steps[-1]

    def held(self, **changed: Any) -> ReaderInput:
        given: dict[str, Any] = {
            "now": LATER,
            "trust": tuple(self.world.trust),
            "authorities": (self.tsa.root_pem,),
        }
        return ReaderInput(**(given | changed))


def stamper(tsa: Tsa, at: datetime | None = None) -> Callable[[bytes], bytes]:
    return lambda digest: tsa.token(digest, at)


def closed(base: World, pdf: bytes, stamp: Callable[[bytes], bytes]) -> bytes:
    """Close a file with the certificates of all its signatures and the school's revocation list."""
    seen = {each for step in certificates_of(pdf) for each in step}
    return close(
        pdf, sorted(seen, key=lambda each: each.serial_number), revocation_lists(base.authority, NOW), stamp
    )


def certificates_of(pdf: bytes) -> list[Any]:
    return [read_cms(pdf, each).path for each in Document(pdf).certified]


@lru_cache(maxsize=2)
def stamped(kind: str = "ecdsa") -> Stamped:
    """Five acts with timestamps, one minute apart, and the closing."""
    base, tsa = world(), Tsa(kind)
    steps = [
        certify(
            rendering(),
            PLACES,
            issue_seal(base.authority, SCHOOL, UAI, NOW),
            ABOUT,
            now=NOW,
            timestamped=True,
        )
    ]
    for minute, field in enumerate(CAPACITIES, 1):
        at = NOW + timedelta(minutes=minute)
        steps.append(sign(base, field, steps[-1], at, stamper(tsa, at + timedelta(seconds=1))))
    steps.append(closed(base, steps[-1], stamper(tsa, NOW + timedelta(minutes=10))))
    return Stamped(base, tsa, tuple(steps))


@lru_cache(maxsize=1)
def world() -> World:
    """The one that most tests share."""
    return make()
