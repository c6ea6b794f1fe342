"""The form's steps: which fields a page asks, in which order; their texts are data (steps.json)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Field:
    """One input: the path of its value in the convention's data, its French label, and its kind.

    ``options`` are the values and labels of a ``choice``.
    """

    path: str
    label: str
    kind: str = "text"
    hint: str | None = None
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    slug: str
    title: str
    fields: tuple[Field, ...] = ()


def _field(data: dict[str, Any]) -> Field:
    return Field(**{**data, "options": tuple((value, label) for value, label in data.get("options", ()))})


def _load() -> dict[str, Step]:
    read = json.loads(Path(__file__).with_name("steps.json").read_text(encoding="utf-8"))
    return {
        each["slug"]: Step(each["slug"], each["title"], tuple(map(_field, each["fields"]))) for each in read
    }


STEPS: dict[str, Step] = _load()
