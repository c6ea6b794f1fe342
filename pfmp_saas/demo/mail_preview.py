"""A preview of every kind of mail, with invented values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pfmp_saas.core.mail_templates import FOLDER, MailKind, MailParts, render

SAMPLES = FOLDER / "samples.json"


@dataclass(frozen=True)
class Preview:
    """One kind with one set of invented values; ``number`` counts from 1 within the kind."""

    kind: MailKind
    number: int
    parts: MailParts


def samples() -> Mapping[str, list[dict[str, Any]]]:
    """Return the invented values, by kind: one set for each way in which the kind's words can go."""
    content: dict[str, list[dict[str, Any]]] = json.loads(SAMPLES.read_text())
    return content


def previews() -> list[Preview]:
    """Render every kind, in the order of :class:`MailKind`."""
    values = samples()
    return [
        Preview(kind, number, render(kind, **sample))
        for kind in MailKind
        for number, sample in enumerate(values[kind], start=1)
    ]
