"""One bundle under verification: its pieces, read once for all checks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography import x509

from pfmp_saas.evidence.canonical import parse
from pfmp_saas.evidence.events import Event, StoredEvent, read_event, row_of
from pfmp_saas.evidence.verify.bundle.archive import CERTIFICATES, EVENTS, FINAL_PDF, MANIFEST
from pfmp_saas.evidence.verify.file.document import Document
from pfmp_saas.evidence.verify.file.sealed_file import SealedFile
from pfmp_saas.evidence.verify.report import ReaderInput, Report, Wrong
from pfmp_saas.evidence.verify.trust import load_roots

BUNDLE_SCHEMA = "pfmp/bundle/1"
_MAX_EVENTS = 2000
_MANIFEST_KEYS = {"schema", "tenant", "subject", "expected_signatures", "members"}


@dataclass(frozen=True)
class Manifest:
    """The bundle's own list: the school's UAI number, the subject, how many signatures, its pieces."""

    tenant: str
    subject: str
    expected: int
    hashes: dict[str, str]


@dataclass(frozen=True)
class Bundle:
    """A bundle under verification: the pieces by name, what the reader brings, and the report on the PDF."""

    members: Mapping[str, bytes]
    manifest: Manifest
    given: ReaderInput
    pdf_report: Report

    @cached_property
    def file(self) -> SealedFile:
        """Return the PDF, for the checks that compare it with the events."""
        return SealedFile(Document(self.members[FINAL_PDF]), self.given)

    @cached_property
    def rows(self) -> tuple[StoredEvent, ...]:
        """Return the events' texts in the order of the file; raises Wrong, or NotCanonical for a text that is no event."""
        texts = self.members[EVENTS].decode("utf-8").split("\n")
        if texts.pop() or len(texts) > _MAX_EVENTS:
            raise Wrong("les événements du paquet sont illisibles")
        return tuple(row_of(read_event(text), text) for text in texts)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Return the events in the order of the file."""
        return tuple(read_event(row.canonical) for row in self.rows)

    @cached_property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Return the certificates that the bundle lists; raises BadRoot."""
        return load_roots(self.members[CERTIFICATES])

    def listed(self, name: str, key: str, keys: frozenset[str]) -> list[Any]:
        """Return what a piece in JSON lists under its only key, each with those keys; raises Wrong."""
        try:
            value = parse(self.members[name].decode("utf-8"))
        except ValueError as error:
            raise Wrong(f"« {name} » n’est pas écrit sous sa seule forme (RFC 8785)") from error
        rows = value.get(key)
        if set(value) != {key} or not isinstance(rows, list):
            raise Wrong(f"« {name} » n’a pas la forme que le service lui donne")
        if not all(isinstance(row, dict) and set(row) == keys for row in rows):
            raise Wrong(f"« {name} » porte autre chose que ce que le service y met")
        return rows


def read_manifest(members: Mapping[str, bytes]) -> Manifest:
    """Read the list of pieces and compare each with its hash; raises Wrong, or NotCanonical for a broken list."""
    value = parse(members[MANIFEST].decode("utf-8"))
    if value.get("schema") != BUNDLE_SCHEMA:
        raise Wrong("ce paquet est d’une version inconnue du service")
    if set(value) != _MANIFEST_KEYS or type(value["expected_signatures"]) is not int:
        raise Wrong("la liste du paquet porte autre chose que ce que le service y met")
    hashes = {str(name): str(digest) for name, digest in value["members"].items()}
    if set(hashes) != set(members) - {MANIFEST}:
        raise Wrong("les pièces du paquet ne sont pas celles de sa liste")
    for name, stated in hashes.items():
        if hashlib.sha256(members[name]).hexdigest() != stated:
            raise Wrong(f"la pièce « {name} » n’est pas celle de la liste du paquet")
    return Manifest(str(value["tenant"]), str(value["subject"]), int(value["expected_signatures"]), hashes)
