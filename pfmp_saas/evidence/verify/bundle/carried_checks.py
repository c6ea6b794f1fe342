"""The check of signatures carried over: each was given on an earlier version whose file is here, and nobody opposed it in time."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pfmp_saas.documents.sealing.names import EVENT_REASON, shortened
from pfmp_saas.evidence.events import (
    CARRIED,
    CARRIED_FIELD,
    CARRIES,
    FROZEN,
    OBJECTED,
    OBJECTION_DAYS,
    REPLACED,
    REPLACED_FILE,
    REPLACES,
    SIGNED,
    WITHDRAWN,
    Event,
)
from pfmp_saas.evidence.verify.bundle.archive import VERSIONS
from pfmp_saas.evidence.verify.bundle.contents import Bundle
from pfmp_saas.evidence.verify.file.carried import carried_seen
from pfmp_saas.evidence.verify.file.document import Document, entry_of
from pfmp_saas.evidence.verify.file.verdict import judge_pdf
from pfmp_saas.evidence.verify.report import CarriedSeen, Wrong

_UNFINISHED = frozenset({"expected-signatures", "closing"})
"""What a version that was replaced before all had signed can't pass."""


@dataclass(frozen=True)
class _Carried:
    """The signatures that a bundle's file carries over, by field, and the versions that it holds, by their hash."""

    bundle: Bundle

    @cached_property
    def seen(self) -> dict[str, CarriedSeen]:
        file = self.bundle.file
        return {act.field: seen for act in file.document.acts if (seen := carried_seen(file, act))}

    @cached_property
    def files(self) -> dict[str, bytes]:
        members = self.bundle.members
        return {
            hashlib.sha256(members[name]).hexdigest(): members[name] for name in VERSIONS if name in members
        }

    @cached_property
    def frozen(self) -> Event:
        return self.frozen_of(self.bundle.pdf_report.frozen_hash)

    def frozen_of(self, version: str | None) -> Event:
        """Return the event that froze a version; raises Wrong where there is not one."""
        found = [each for each in self.bundle.events if each.kind == FROZEN and each.document_hash == version]
        if len(found) != 1:
            raise Wrong("une version du document n’a pas été figée une fois et une seule")
        return found[0]

    def ending(self, version: str) -> Event:
        """Return the event by which a version was replaced; raises Wrong where it ended otherwise, or not."""
        ends = [
            each for each in self.bundle.events if (each.kind, each.document_hash) == (WITHDRAWN, version)
        ]
        if len(ends) != 1 or ends[0].payload.get(REPLACED) != "yes":
            raise Wrong("une version précédente n’a pas été remplacée")
        return ends[0]

    @cached_property
    def before(self) -> Mapping[str, Event]:
        """Return the versions that led to this one, each with the event of its end; raises Wrong where one was not replaced."""
        return dict(self._ancestors())

    def _ancestors(self) -> Iterator[tuple[str, Event]]:
        event = self.frozen
        while REPLACES in event.payload:
            version, later = str(event.payload[REPLACES]), event
            event = self.frozen_of(version)
            if event.sequence >= later.sequence:  # each names one before it: no circle
                raise Wrong("les versions du document ne se suivent pas")
            yield version, self.ending(version)

    def file_of(self, version: str) -> bytes:
        """Return the file of a version, as it was when it was replaced; raises Wrong where it is not in the bundle."""
        if version not in self.before:
            raise Wrong(
                "une signature est reportée d’un document qui n’est pas une version précédente de celui-ci"
            )
        digest = self.before[version].payload.get(REPLACED_FILE)
        if digest not in self.files:
            raise Wrong(
                "le fichier d’une version sur laquelle une signature reportée a été donnée manque au paquet"
            )
        return self.files[str(digest)]


def signatures_carried(bundle: Bundle) -> str:
    """Check that each signature carried over was given, on a version that led to this one, and could be opposed in time."""
    case = _Carried(bundle)
    announced = case.frozen.payload.get(CARRIES) or {}
    if any(announced.get(place) != seen.act for place, seen in case.seen.items()):
        raise Wrong("une signature est reportée que le document n’annonçait pas quand il a été figé")
    if len(case.files) != len({case.file_of(seen.version) for seen in case.seen.values()}):
        raise Wrong("le paquet contient une version dont aucune signature n’est reportée")
    for place, seen in case.seen.items():
        _check_in_time(case, place, seen, _given(case, place, seen))
        _check_in_file(case, place, seen)
    if not case.seen:
        return "aucune signature reportée d’une version précédente"
    return f"{len(case.seen)} sur une version précédente, qui est dans le paquet ; aucune opposition en {OBJECTION_DAYS} jours"


def _given(case: _Carried, place: str, seen: CarriedSeen) -> Event:
    """Return the act that is carried; raises Wrong unless it is over that version, by that place and in that capacity."""
    rows = zip(case.bundle.rows, case.bundle.events, strict=True)
    given = [event for row, event in rows if row.hash == seen.act]
    if len(given) != 1 or (given[0].kind, given[0].document_hash) != (SIGNED, seen.version):
        raise Wrong(f"« {seen.capacity} » : l’acte reporté n’est pas une signature de cette version")
    if (given[0].payload.get(CARRIED_FIELD), given[0].capacity) != (place, seen.capacity):
        raise Wrong(f"« {seen.capacity} » : l’acte reporté est celui d’une autre place")
    return given[0]


def _check_in_time(case: _Carried, place: str, seen: CarriedSeen, given: Event) -> None:
    """Check that who gave a signature did not oppose its carrying since, and that there was time for it."""
    mine = [event for event in case.bundle.events if event.payload.get(CARRIED_FIELD) == place]
    if any(event.kind == OBJECTED and event.sequence > given.sequence for event in mine):
        raise Wrong(f"« {seen.capacity} » : le report de cette signature a été refusé par qui l’avait donnée")
    carried = [e for e in mine if (e.kind, e.document_hash) == (CARRIED, case.frozen.document_hash)]
    zone = case.bundle.file.document.statement.zone
    days = [
        (each.at.astimezone(zone).date() - case.frozen.at.astimezone(zone).date()).days for each in carried
    ]
    if len(days) != 1 or days[0] <= OBJECTION_DAYS:
        raise Wrong(f"« {seen.capacity} » : signature reportée avant la fin du délai d’opposition")


def _check_in_file(case: _Carried, place: str, seen: CarriedSeen) -> None:
    """Check that the version's file is whole by its own checks, and holds the signature of that person."""
    pdf, manifest = case.file_of(seen.version), case.bundle.manifest
    report = judge_pdf(pdf, replace(case.bundle.given, expect=None))
    for check in report.checks:
        if not check.ok and check.name not in _UNFINISHED:
            raise Wrong(f"version précédente : {check.reason}")
    stated = (report.frozen_hash, report.uai, report.subject)
    if stated != (seen.version, manifest.tenant, manifest.subject):
        raise Wrong("le fichier de la version précédente n’est pas celui qui a été signé")
    reasons = {act.field: str(entry_of(act.value, "/Reason", "")) for act in Document(pdf).acts}
    people = {each.field: (each.name, each.capacity) for each in report.signers}
    if reasons.get(place) != EVENT_REASON + seen.act or people.get(place) != (
        seen.signer,
        shortened(seen.capacity),
    ):
        raise Wrong(f"« {seen.capacity} » : la version précédente ne porte pas cette signature")
