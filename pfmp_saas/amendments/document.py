"""The printed amendment: the convention, the reason, each change before and after, the places of signatures."""

import json
from collections.abc import Collection, Mapping, Sequence
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
from pfmp_saas.documents.versions import CURRENT, render
from pfmp_saas.types.compose import compose_beside
from pfmp_saas.types.model import ConventionType

_TEXT = Path(__file__).with_name("text.json")


@dataclass(frozen=True)
class AmendmentContent:
    """The values that an amendment prints. ``frozen_hash`` names the signed convention, ``signed_on`` is its local date."""

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
        return _text("heading", rank=self.rank, number=self.number)


def render_amendment(
    kind: ConventionType,
    data: Mapping[str, Any],
    content: AmendmentContent,
    asked: Collection[str],
    version: str = CURRENT,
) -> Rendered:
    """Render an amendment to the convention of ``data``, as it will stand, signed in the fields ``asked``; the same input gives the same bytes."""
    all_sign = len(asked) >= len(kind.signers)
    parts = [
        Part(_text("object_title"), tuple(_object(data, content))),
        Part(_text("changes_title"), tuple(_changes(content.changes))),
        Part(_text("effect_title"), tuple(_effect(content, all_sign=all_sign))),
    ]
    return render(compose_beside(kind, data, content.heading, parts, asked), version)


def _object(data: Mapping[str, Any], content: AmendmentContent) -> list[Block]:
    student, host, school = (data.get(name) or {} for name in ("student", "host", "school"))
    sentence = _text(
        "object",
        number=content.number,
        student=f"{student.get('first_name') or ''} {student.get('last_name') or ''}".strip(),
        school=school.get("name") or "",
        host=host.get("name") or "",
        signed_on=content.signed_on,
        frozen_hash=content.frozen_hash,
    )
    nature = Field(_text("nature"), NATURES[content.nature], wide=True)
    return [
        Text((Run(sentence),)),
        Fields((nature,), 1),
        *_paragraphs(_text("reason"), content.reason.splitlines()),
    ]


def _changes(changes: Sequence[Change]) -> list[Block]:
    blocks: list[Block] = []
    for change in changes:
        blocks += [Heading(change.label, 2), *_lines(_text("before"), change.before)]
        blocks += _lines(_text("after"), change.after)
    return blocks


def _lines(label: str, lines: Sequence[str]) -> list[Block]:
    """Return the blocks of a labelled text: one line stands beside its label, several under it."""
    if len(lines) == 1:
        return _paragraphs(label, lines)
    return [
        Text((Run(f"{label} :", bold=True),)),
        Bullets(tuple((Run(line),) for line in lines)),
    ]


def _paragraphs(label: str, lines: Sequence[str]) -> list[Block]:
    first, *rest = lines or ("",)
    return [Text((Run(f"{label} : ", bold=True), Run(first))), *(Text((Run(line),)) for line in rest if line)]


def _effect(content: AmendmentContent, *, all_sign: bool) -> list[Block]:
    outcome: list[Block] = []
    if content.outcome:
        outcome = [Text((Run(_text("outcome", outcome=OUTCOMES[content.outcome])),))]
    sentences = [Text((Run(text),)) for text in _words()["effect" if all_sign else "effect_some"]]
    return [*outcome, *sentences, Signatures(_text("signatures"))]


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads(_TEXT.read_text(encoding="utf-8"))
    return words


def _text(name: str, **values: object) -> str:
    """Return a text of text.json; typed values are inserted as they are, and never read as a template."""
    text: str = _words()[name]
    return text.format(**values) if values else text
