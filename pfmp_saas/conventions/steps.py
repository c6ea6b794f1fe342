"""The form's steps: which fields a page asks, in which order; their texts are data (steps.json)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pfmp_saas.types.mentions import printed
from pfmp_saas.types.model import ConventionType, OwnField


@dataclass(frozen=True)
class Field:
    """One input: the path of its value in the convention's data, its French label, and its kind.

    ``options`` are the values and labels of a ``choice``. A field that is ``printed`` is asked only where the
    convention's type prints it; the others are what the law reads.
    """

    path: str
    label: str
    kind: str = "text"
    hint: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    printed: bool = False


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
        step["slug"]: Step(step["slug"], step["title"], tuple(map(_field, step["fields"]))) for step in read
    }


STEPS: dict[str, Step] = _load()
_OWN = "etablissement"
_INPUTS = {
    "long": "textarea",
    "date": "date",
    "euros": "money",
    "hours": "amount",
    "days": "amount",
    "kilometres": "amount",
}
"""The inputs that ask for what a type prints in these formats."""


def steps_of(kind: ConventionType) -> dict[str, Step]:
    """Return the steps that a type asks: what it prints, what the law reads, then the school's own fields."""
    shown = printed(kind)
    steps = (
        replace(
            step, fields=tuple(field for field in step.fields if not field.printed or field.path in shown)
        )
        for step in STEPS.values()
    )
    asked = {step.slug: step for step in steps if step.fields or step.slug == "horaires"}
    more = (
        Step("modele", "Renseignements propres au modèle", tuple(_type_s_fields(kind))),
        Step(_OWN, "Renseignements propres à l’établissement", tuple(map(_own_field, kind.own_fields))),
    )
    return asked | {step.slug: step for step in more if step.fields}


def _type_s_fields(kind: ConventionType) -> Iterator[Field]:
    """Yield the fields that the type's folder adds to those that every convention knows."""
    known = {field.path for step in STEPS.values() for field in step.fields}
    rules = (rule for _, rule in kind.fields if rule.label and rule.path not in known)
    yield from (Field(rule.path, rule.label, _INPUTS.get(rule.format, "text")) for rule in rules)


def _own_field(own: OwnField) -> Field:
    kinds = {"number": "amount"}
    label = own.label + (" (obligatoire)" if own.required else "")
    return Field(f"own.{own.name}", label, kinds.get(own.kind, own.kind))
