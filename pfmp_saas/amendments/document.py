"""The printed amendment: what it amends, why, each change before and after, and the places of its signatures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pfmp_saas.amendments.changes import Change
from pfmp_saas.amendments.states import NATURES, OUTCOMES
from pfmp_saas.documents.content import (
    Block,
    Bullets,
    Field,
    Fields,
    Heading,
    Part,
    Rendered,
    Run,
    Signatures,
    Text,
)
from pfmp_saas.documents.convention import render
from pfmp_saas.types.compose import compose_beside
from pfmp_saas.types.model import ConventionType

_TEXT = Path(__file__).with_name("text.json")


@dataclass(frozen=True)
class Told:
    """What an amendment prints. ``frozen_hash`` names the signed convention, ``signed_on`` is its local date."""

    number: str
    rank: int
    signed_on: str
    frozen_hash: str
    nature: str
    reason: str
    outcome: str | None
    changes: Sequence[Change]

    @property
    def heading(self) -> str:
        """Return the amendment's name."""
        return _said("heading", rank=self.rank, number=self.number)


def render_amendment(kind: ConventionType, data: Mapping[str, Any], told: Told) -> Rendered:
    """Render an amendment to the convention of ``data``, as it will stand; the same input gives the same bytes."""
    parts = [
        Part(_said("object_title"), tuple(_object(data, told))),
        Part(_said("changes_title"), tuple(_changes(told.changes))),
        Part(_said("effect_title"), tuple(_effect(told))),
    ]
    return render(compose_beside(kind, data, told.heading, parts))


def _object(data: Mapping[str, Any], told: Told) -> list[Block]:
    student, host, school = (data.get(name) or {} for name in ("student", "host", "school"))
    said = _said(
        "object",
        number=told.number,
        student=f"{student.get('first_name') or ''} {student.get('last_name') or ''}".strip(),
        school=school.get("name") or "",
        host=host.get("name") or "",
        signed_on=told.signed_on,
        frozen_hash=told.frozen_hash,
    )
    nature = Field(_said("nature"), NATURES[told.nature], wide=True)
    return [Text((Run(said),)), Fields((nature,), 1), *_paragraphs(_said("reason"), told.reason.splitlines())]


def _changes(changes: Sequence[Change]) -> list[Block]:
    found: list[Block] = []
    for change in changes:
        found += [Heading(change.label, 2), *_lines(_said("before"), change.before)]
        found += _lines(_said("after"), change.after)
    return found


def _lines(label: str, lines: Sequence[str]) -> list[Block]:
    """One line stands beside its label, several under it."""
    if len(lines) == 1:
        return _paragraphs(label, lines)
    return [
        Text((Run(f"{label} :", bold=True),)),
        Bullets(tuple((Run(line),) for line in lines)),
    ]


def _paragraphs(label: str, lines: Sequence[str]) -> list[Block]:
    first, *rest = lines or ("",)
    return [Text((Run(f"{label} : ", bold=True), Run(first))), *(Text((Run(line),)) for line in rest if line)]


def _effect(told: Told) -> list[Block]:
    outcome: list[Block] = []
    if told.outcome:
        outcome = [Text((Run(_said("outcome", outcome=OUTCOMES[told.outcome])),))]
    said = [Text((Run(text),)) for text in _words()["effect"]]
    return [*outcome, *said, Signatures(_said("signatures"))]


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_TEXT.read_text(encoding="utf-8"))
    return found


def _said(name: str, **values: object) -> str:
    """Return a text of the data file; what people typed is put in as it is, and never read as a template."""
    text: str = _words()[name]
    return text.format(**values) if values else text
